import { createClient } from '@/lib/supabase/server'

export default async function HomePage() {
  const supabase = await createClient()
  // expect: database/select-star
  const { data: documents } = await supabase.from('documents').select('*').order('id').limit(20)
  const { data: cars } = await supabase
    // expect: database/select-star
    .from('cars')
    .select('*, owner:owners(name)')
    .order('id')
    .limit(20)
  return <p>{(documents?.length ?? 0) + (cars?.length ?? 0)}</p>
}
