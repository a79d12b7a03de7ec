import { createPublicClient } from '@/lib/supabase/public'

/** The page is built once an hour, and so is the count. */
export const revalidate = 3600

export default async function HomePage() {
  const supabase = createPublicClient()
  const { count, error } = await supabase.from('parts').select('id', { count: 'exact', head: true })
  if (error) throw new Error('Could not count parts')
  return <p>{count} parts</p>
}
