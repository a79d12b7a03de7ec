import { unstable_cache } from 'next/cache'
import { cache } from 'react'
import { createPublicClient } from '@/lib/supabase/public'
import { createClient } from '@/lib/supabase/server'

/** Thrown inside, so nothing is kept; answered outside, for this request only. */
const loadEngines = unstable_cache(
  async () => {
    const { data, error } = await createPublicClient().from('engines').select('id, name').order('name').limit(50)
    if (error) throw new Error('Could not load engines')
    return data ?? []
  },
  ['engines'],
  { revalidate: 600 },
)

export async function getEngines() {
  try {
    return { ok: true as const, engines: await loadEngines() }
  } catch (error) {
    console.error('engines', error)
    return { ok: false as const, error: 'Could not load engines' }
  }
}

/** Per request: a failure is gone with it. */
export const getNotes = cache(async (userId: string) => {
  const supabase = await createClient()
  const { data, error } = await supabase.from('notes').select('id').eq('user_id', userId).order('id').limit(20)
  if (error) return []
  return data
})

/** "There is none" is an answer, not a failure. */
export const getBanner = unstable_cache(
  async () => {
    const { data, error } = await createPublicClient().from('banners').select('text').eq('id', 1).maybeSingle()
    if (error) throw new Error('Could not load the banner')
    if (!data) return null
    return data.text
  },
  ['banner'],
  { revalidate: 60 },
)

/** Logged and thrown again. */
export const getRates = unstable_cache(
  async () => {
    try {
      const response = await fetch('https://rates.example.com/latest', { signal: AbortSignal.timeout(3000) })
      if (!response.ok) throw new Error('No rates')
      return await response.json()
    } catch (error) {
      console.error('rates', error)
      throw error
    }
  },
  ['rates'],
  { revalidate: 3600 },
)
