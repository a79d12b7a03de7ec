import 'server-only'
import { createPublicClient } from '@/lib/supabase/public'

const CARD_COLUMNS = 'id, slug, name, brand, price_cents, category:part_categories(slug, name)'

/** The first parts of the catalogue; the search finds the others. */
export async function listParts() {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('parts')
    .select(CARD_COLUMNS)
    .eq('archived', false)
    .order('name')
    .limit(60)
  if (error) throw new Error(`parts: ${error.message}`)
  return data
}

/** Every part, for the list to choose from in the build form. */
export async function listPartOptions() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('parts').select('id, name, brand').eq('archived', false).order('name')
  if (error) throw new Error(`part options: ${error.message}`)
  return data
}

/** One part with its category and the engines that it fits; null when there is none of that name. */
export async function getPart(slug: string) {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('parts')
    .select(
      'id, slug, name, brand, price_cents, weight_g, description, category:part_categories(name), part_engines(engine:engines(slug, name))',
    )
    .eq('slug', slug)
    .limit(40, { referencedTable: 'part_engines' })
    .maybeSingle()
  if (error) throw new Error(`part ${slug}: ${error.message}`)
  return data
}

/** Where a part is sold. */
export async function listOffers(partId: string) {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('part_offers')
    .select('id, merchant_sku, url, merchant:merchants(name, slug)')
    .eq('part_id', partId)
    .limit(20)
  if (error) throw new Error(`offers: ${error.message}`)
  return data
}
