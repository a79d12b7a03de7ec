import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 3600

export default async function PlansPage() {
  const supabase = createPublicClient()
  const { data } = await supabase.from('plans').select('id, name').eq('code', 'pro').limit(1)
  return <p>{data?.length}</p>
}
