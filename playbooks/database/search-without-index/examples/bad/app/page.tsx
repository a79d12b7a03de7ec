import { createClient } from '@/lib/supabase/server'

export default async function SearchPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q } = await searchParams
  const supabase = await createClient()
  const term = (q ?? '').slice(0, 40)
  const { data: posts } = await supabase.from('posts').select('id, title').ilike('title', `%${term}%`).limit(20)
  const { data: notes } = await supabase.from('notes').select('id').textSearch('words', term).limit(20)
  const { data: parts } = await supabase.rpc('find_parts', { term }).limit(20)
  return <p>{(posts?.length ?? 0) + (notes?.length ?? 0) + (parts?.length ?? 0)}</p>
}
