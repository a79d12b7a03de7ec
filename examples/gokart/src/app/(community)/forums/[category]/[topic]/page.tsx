import Link from 'next/link'
import { notFound } from 'next/navigation'
import { PostList } from '@/components/post-list'
import { ReplyForm } from '@/components/reply-form'
import { getTopic, listPosts } from '@/lib/data/forums'
import { topicIdSchema } from '@/lib/schemas/forum'

export default async function TopicPage({ params }: { params: Promise<{ category: string; topic: string }> }) {
  const id = topicIdSchema.safeParse((await params).topic)
  if (!id.success) notFound()
  const [topic, posts] = await Promise.all([getTopic(id.data), listPosts(id.data)])
  if (!topic) notFound()

  return (
    <>
      <p>
        <Link href={`/forums/${topic.category?.slug}`}>{topic.category?.name}</Link>
      </p>
      <h1>{topic.title}</h1>
      <PostList posts={posts} />
      {topic.locked ? <p className="soft">This topic is closed.</p> : <ReplyForm topicId={topic.id} />}
    </>
  )
}
