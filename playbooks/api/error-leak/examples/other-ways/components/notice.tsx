'use client'

export function Notice({ text }: { text: string }) {
  return <p role="alert">{text}</p>
}
