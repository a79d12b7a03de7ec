import { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

const query = z.object({ brand: z.string().max(60).optional() })

export default async function PartsPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { brand } = query.parse(await searchParams)
  const supabase = await createClient()
  let list = supabase.from('parts').select('id, name', { count: 'exact' }).eq('is_active', true) // expect: database/exact-count
  if (brand) list = list.eq('brand', brand)
  const { data: parts, count, error } = await list.order('name').limit(20)
  if (error) throw new Error('Could not load parts')
  return (
    <p>
      {parts.length} of {count}
    </p>
  )
}
