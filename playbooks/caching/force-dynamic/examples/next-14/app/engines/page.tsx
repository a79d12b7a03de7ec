import { createPublicClient } from '@/lib/supabase/public'

export const dynamic = 'force-dynamic' // expect: caching/force-dynamic

export default async function EnginesPage() {
  const supabase = createPublicClient()
  const { data: engines, error } = await supabase.from('engines').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load engines')
  return <p>{engines.map(engine => engine.name).join(', ')}</p>
}
