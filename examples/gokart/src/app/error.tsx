'use client'

export default function ErrorPage({ reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main>
      <h1>Red flag</h1>
      <p>This page could not be loaded.</p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </main>
  )
}
