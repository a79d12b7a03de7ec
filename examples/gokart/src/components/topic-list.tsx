import Link from 'next/link'
import { formatDate } from '@/lib/format'

interface Topic {
  id: number
  title: string
  pinned: boolean
  locked: boolean
  post_count: number
  last_post_at: string
  author_name: string | null
}

export function TopicList({ category, topics }: { category: string; topics: Topic[] }) {
  return (
    <table>
      <tbody>
        {topics.map(topic => (
          <tr key={topic.id}>
            <td>
              {topic.pinned && 'Pinned: '}
              <Link href={`/forums/${category}/${topic.id}`}>{topic.title}</Link> {topic.locked && '(closed)'}
            </td>
            <td className="soft">{topic.author_name ?? 'Somebody who left'}</td>
            <td className="soft">{topic.post_count} posts</td>
            <td className="soft">{formatDate(topic.last_post_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
