import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

/** Depends on the query string, which makes it dynamic anyway. */
export const dynamic = 'force-dynamic'

const query = z.object({ brand: z.string().max(60).optional() })

export default async function PartsPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { brand } = query.parse(await searchParams)
  const supabase = createPublicClient()
  let list = supabase.from('parts').select('id, name').order('name').limit(50)
  if (brand) list = list.eq('brand', brand)
  const { data, error } = await list
  if (error) throw new Error('Could not load parts')
  return <p>{data.length} parts</p>
}
