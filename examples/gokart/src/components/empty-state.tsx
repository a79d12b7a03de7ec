export function EmptyState({ text }: { text: string }) {
  return <p className="soft">{text}</p>
}
