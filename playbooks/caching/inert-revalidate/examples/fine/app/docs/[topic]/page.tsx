/** The list stands in the layout of the segment. */
export const revalidate = 3600

export default async function TopicPage({ params }: { params: Promise<{ topic: string }> }) {
  const { topic } = await params
  return <h1>{topic}</h1>
}
