import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

const MAX_PAGE = 25
const query = z.object({ page: z.coerce.number().int().min(1).max(MAX_PAGE).catch(1) })

/** Nobody gets deeper than 25 pages: at most 500 rows are skipped. */
export default async function ResultsPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { page } = query.parse(await searchParams)
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('results').select('id, name').order('id').range((page - 1) * 20, page * 20 - 1)
  if (error) throw new Error('Could not load results')
  return <p>{data.length}</p>
}
