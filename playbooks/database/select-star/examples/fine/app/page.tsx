import { createClient } from '@/lib/supabase/server'

export default async function HomePage() {
  const supabase = await createClient()
  const { data: documents } = await supabase.from('documents').select('id, title').order('id').limit(20)
  const { data: owners } = await supabase.from('owners').select('*').order('id').limit(20)
  const { data: cars } = await supabase.from('cars').select('id, c1, owner:owners(*)').order('id').limit(20)
  const { count } = await supabase.from('cars').select('*', { count: 'estimated', head: true })
  return <p>{(documents?.length ?? 0) + (owners?.length ?? 0) + (cars?.length ?? 0) + (count ?? 0)}</p>
}
