import { newestPosts } from '@/lib/posts'

/** The cookies are read two calls away. */
export const revalidate = 300 // expect: caching/inert-revalidate

export default async function BlogPage() {
  const posts = await newestPosts()
  return <p>{posts.length} posts</p>
}
