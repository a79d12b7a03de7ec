import { unstable_cache } from 'next/cache'
import { createPublicClient } from '@/lib/supabase/public'

/** Counted once in ten minutes for everybody. */
export const countMembers = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { count, error } = await supabase.from('members').select('*', { count: 'exact', head: true })
    if (error) throw new Error('Could not count members')
    return count ?? 0
  },
  ['member-count'],
  { revalidate: 600 },
)
