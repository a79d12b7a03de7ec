import { featured, findPost, listPosts, roughCount, tagsOf, teasers } from '@/lib/posts'

export const revalidate = 120

export default async function HomePage() {
  const [posts, few, top, count] = await Promise.all([listPosts(), teasers(false), featured(), roughCount()])
  const lead = await findPost('welcome')
  const tags = lead ? await tagsOf(lead.id) : []
  // Not a query, whatever a search for ".from(" says.
  const topics = Array.from(new Set(tags))
  return (
    <main>
      <p>about {count} posts</p>
      <p>{[...posts, ...few, ...top].map(post => post.title).join(', ')}</p>
      <p>{topics.join(', ')}</p>
    </main>
  )
}
