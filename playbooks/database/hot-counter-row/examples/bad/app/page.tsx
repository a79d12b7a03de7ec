import { createClient } from '@/lib/supabase/server'

export default async function HomePage({ searchParams }: { searchParams: Promise<{ post?: string }> }) {
  const { post } = await searchParams
  const supabase = await createClient()
  await supabase.rpc('count_visit')
  await supabase.rpc('count_view', { post: Number(post) })
  return <p>Welcome.</p>
}
