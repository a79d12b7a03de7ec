import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 300

export default async function PostsPage() {
  const supabase = createPublicClient()
  const { data: posts, error } = await supabase
    .from('posts') // expect: database/unbounded-query
    .select('id, title, created_at')
    .order('created_at', { ascending: false })
  if (error) throw new Error('Could not load posts')
  return (
    <ul>
      {posts.map(post => (
        <li key={post.id}>{post.title}</li>
      ))}
    </ul>
  )
}
