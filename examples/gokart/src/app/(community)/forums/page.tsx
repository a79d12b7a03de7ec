import type { Metadata } from 'next'
import Link from 'next/link'
import { listCategories, listLatestTopics } from '@/lib/data/forums'
import { formatDate } from '@/lib/format'

export const metadata: Metadata = { title: 'Forum' }

export default async function ForumsPage() {
  const [categories, latest] = await Promise.all([listCategories(), listLatestTopics()])

  return (
    <>
      <h1>Forum</h1>
      <ul className="grid">
        {categories.map(category => (
          <li key={category.id} className="card">
            <h3>
              <Link href={`/forums/${category.slug}`}>{category.name}</Link>
            </h3>
            <p>{category.description}</p>
            <p className="soft">{category.topic_count} topics</p>
          </li>
        ))}
      </ul>
      <h2>Latest</h2>
      <ul>
        {latest.map(topic => (
          <li key={topic.id}>
            <Link href={`/forums/${topic.category_slug}/${topic.id}`}>{topic.title}</Link>{' '}
            <span className="soft">
              {topic.post_count} posts, {formatDate(topic.last_post_at)}
            </span>
          </li>
        ))}
      </ul>
      <p>
        Before you write: <Link href="/forums/rules">the rules</Link>.
      </p>
    </>
  )
}
