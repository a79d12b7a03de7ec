import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 60

export default async function TopPage() {
  const supabase = createPublicClient()
  const { data } = await supabase.from('repos').select('id, full_name, stars').order('stars', { ascending: false }).limit(20)
  return <p>{data?.length}</p>
}
