import { unstable_cache } from 'next/cache'
import { createPublicClient } from '@/lib/supabase/public'

export const getPlans = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data, error } = await supabase.from('plans').select('id, name').order('name').limit(10)
    if (error) throw new Error('Could not load plans')
    return data
  },
  ['plans'],
  { revalidate: 600 },
)
