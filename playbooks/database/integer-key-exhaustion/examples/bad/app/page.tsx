import { createClient } from '@/lib/supabase/server'

export default async function HomePage() {
  const supabase = await createClient()
  await supabase.from('page_views').insert({ path: '/' })
  return <p>Welcome.</p>
}
