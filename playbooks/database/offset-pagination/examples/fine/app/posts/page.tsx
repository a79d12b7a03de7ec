import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

const query = z.object({ before: z.iso.datetime().optional() })

/** Keyset: the next page starts after the last row seen, whatever its depth. */
export default async function PostsPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { before } = query.parse(await searchParams)
  const supabase = createPublicClient()
  let list = supabase.from('posts').select('id, title, created_at').order('created_at', { ascending: false }).limit(20)
  if (before) list = list.lt('created_at', before)
  const { data: posts, error } = await list
  if (error) throw new Error('Could not load posts')
  return <p>{posts.map(post => post.title).join(', ')}</p>
}
