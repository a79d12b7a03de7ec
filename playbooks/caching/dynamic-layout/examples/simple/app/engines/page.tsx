import { createPublicClient } from '@/lib/supabase/public'

export default async function EnginesPage() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('engines').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load engines')
  return <p>{data.length} engines</p>
}
