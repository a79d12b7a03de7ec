import Link from 'next/link'

export default function NotFound() {
  return (
    <main>
      <h1>Off the track</h1>
      <p>
        There is nothing here. <Link href="/">Back to the start</Link>
      </p>
    </main>
  )
}
