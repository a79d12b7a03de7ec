export function generateStaticParams() {
  return [{ topic: 'start' }, { topic: 'deploy' }]
}

export default function TopicLayout({ children }: { children: React.ReactNode }) {
  return <section>{children}</section>
}
