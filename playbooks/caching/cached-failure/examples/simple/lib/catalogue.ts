import { unstable_cache } from 'next/cache'
import { createPublicClient } from '@/lib/supabase/public'

export const getEngines = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data, error } = await supabase.from('engines').select('id, name').order('name').limit(50)
    if (error) {
      console.error('engines', error)
      return { ok: false as const, error: 'Could not load engines' } // expect: caching/cached-failure
    }
    return { ok: true as const, engines: data }
  },
  ['engines'],
  { revalidate: 600 },
)

/** One slow second, and the shop is empty for an hour. */
export const getParts = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data } = await supabase.from('parts').select('id, name').order('name').limit(50)
    return data ?? [] // expect: caching/cached-failure
  },
  ['parts'],
  { revalidate: 3600 },
)
