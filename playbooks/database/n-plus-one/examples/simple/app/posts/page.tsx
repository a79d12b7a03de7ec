import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 60

export default async function PostsPage() {
  const supabase = createPublicClient()
  const { data: posts, error } = await supabase.from('posts').select('id, title, author_id').order('id').limit(20)
  if (error) throw new Error('Could not load posts')

  const lines: string[] = []
  for (const post of posts) {
    const { data: author } = await supabase.from('profiles').select('name').eq('id', post.author_id).single() // expect: database/n-plus-one
    lines.push(`${post.title} by ${author?.name}`)
  }
  return <pre>{lines.join('\n')}</pre>
}
