import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

const PAGE_SIZE = 20
const query = z.object({ page: z.coerce.number().int().min(1).default(1) })

export default async function PostsPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { page } = query.parse(await searchParams)
  const supabase = createPublicClient()
  const from = (page - 1) * PAGE_SIZE
  const { data: posts, error } = await supabase.from('posts').select('id, title').order('created_at').range(from, from + PAGE_SIZE - 1) // expect: database/offset-pagination
  if (error) throw new Error('Could not load posts')
  return <p>{posts.map(post => post.title).join(', ')}</p>
}
