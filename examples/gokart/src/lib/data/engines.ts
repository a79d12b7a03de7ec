import 'server-only'
import { cache } from 'react'
import { createPublicClient } from '@/lib/supabase/public'

export async function listEngines() {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('engines')
    .select('id, slug, name, brand, displacement_cc, strokes, power_hp, price_cents, summary')
    .order('brand')
    .order('name')
    .limit(100)
  if (error) throw new Error(`engines: ${error.message}`)
  return data
}

export async function listEngineSlugs(): Promise<string[]> {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('engines').select('slug').order('slug').range(0, 199)
  if (error) throw new Error(`engine slugs: ${error.message}`)
  return data.map(engine => engine.slug)
}

/** One engine with the parts that fit it; null when there is none of that name. */
export const getEngine = cache(async (slug: string) => {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('engines')
    .select('*, part_engines(note, part:parts(slug, name, price_cents))')
    .eq('slug', slug)
    .limit(40, { referencedTable: 'part_engines' })
    .maybeSingle()
  if (error) throw new Error(`engine ${slug}: ${error.message}`)
  return data
})

export async function searchEngines(term: string) {
  const supabase = createPublicClient()
  const { data, error } = await supabase.rpc('search_engines', { term, max_rows: 20 })
  if (error) throw new Error(`engine search: ${error.message}`)
  return data
}
