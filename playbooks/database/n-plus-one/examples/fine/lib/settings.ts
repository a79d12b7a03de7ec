import { cache } from 'react'
import { createPublicClient } from '@/lib/supabase/public'

/** Once per request, however often it is called. */
export const getSettings = cache(async () => {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('settings').select('currency, locale').eq('id', 1).single()
  if (error) throw new Error('Could not load settings')
  return data
})

export async function formatPrice(cents: number) {
  const settings = await getSettings()
  return new Intl.NumberFormat(settings.locale, { style: 'currency', currency: settings.currency }).format(cents / 100)
}
