import { createClient } from '@/lib/supabase/server'

export default async function SearchPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q } = await searchParams
  const supabase = await createClient()
  const term = (q ?? '').slice(0, 40)
  const { data: user } = await supabase.auth.getUser()
  const { data: posts } = await supabase.from('posts').select('id, title').ilike('title', `%${term}%`).limit(20)
  const { data: notes } = await supabase.from('notes').select('id').textSearch('words', term).limit(20)
  const { data: slugs } = await supabase.from('posts').select('id').like('slug', `${term}%`).limit(20)
  const { data: own } = await supabase
    .from('notes')
    .select('id')
    .eq('user_id', user.user?.id ?? '')
    .ilike('body', `%${term}%`)
    .limit(20)
  const { data: countries } = await supabase.from('countries').select('code').ilike('name', `%${term}%`).limit(20)
  return <p>{[posts, notes, slugs, own, countries].length}</p>
}
