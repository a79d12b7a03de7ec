import { unstable_cache } from 'next/cache'
import { createClient } from '@/lib/supabase/server'

// The client reads cookies(), and there are none that all requests share.
const loadParts = unstable_cache( // expect: caching/user-data-in-shared-cache
  async () => {
    const supabase = await createClient()
    const { data, error } = await supabase.from('parts').select('id, name').order('id').limit(20)
    if (error) throw new Error('Could not load parts')
    return data
  },
  ['parts'],
  { revalidate: 300 },
)

export default async function PartsPage() {
  const parts = await loadParts()
  return <p>{parts.length} parts</p>
}
