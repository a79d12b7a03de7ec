import 'server-only'
import { unstable_cache } from 'next/cache'
import { cache } from 'react'
import { createClient } from '@/lib/supabase/server'

/** The parts that a member has saved, newest first. */
export const listSavedParts = cache(async (userId: string) => {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('garage_items')
    .select('created_at, part:parts(id, slug, name, price_cents)')
    .eq('user_id', userId)
    .order('created_at', { ascending: false })
    .limit(100)
  if (error) throw new Error(`garage: ${error.message}`)
  return data
})

/** How many parts a member has saved and what they cost together. */
export async function getGarageSummary(userId: string) {
  const supabase = await createClient()

  const summarise = unstable_cache(
    async () => {
      const { data, error } = await supabase
        .from('garage_items')
        .select('part:parts(price_cents)')
        .eq('user_id', userId)
        .limit(200)
      if (error) throw new Error(`garage summary: ${error.message}`)
      const cents = data.reduce((sum, item) => sum + (item.part?.price_cents ?? 0), 0)
      return { parts: data.length, cents }
    },
    ['garage-summary'],
    { revalidate: 300 },
  )

  return summarise()
}
