import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 300

/** A page for everybody, built once in five minutes: strangers cost nothing. */
export default async function PartsPage() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('parts').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load parts')
  return <p>{data.length}</p>
}
