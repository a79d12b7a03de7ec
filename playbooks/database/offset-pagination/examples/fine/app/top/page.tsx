import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 300

export default async function TopPage() {
  const supabase = createPublicClient()
  // A constant range is a limit by another name.
  const { data: posts, error } = await supabase.from('posts').select('id, title').order('score').range(0, 99)
  if (error) throw new Error('Could not load posts')
  const offset = 10
  return <p>{posts.slice(offset, offset + 10).map(post => post.title).join(', ')}</p>
}
