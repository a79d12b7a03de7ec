import { createClient } from '@/lib/supabase/server'

export default async function HomePage() {
  const supabase = await createClient()
  await supabase.rpc('note_visit')
  await supabase.rpc('spend', { amount: 1 })
  await supabase.rpc('count_today')
  return <p>Welcome.</p>
}
