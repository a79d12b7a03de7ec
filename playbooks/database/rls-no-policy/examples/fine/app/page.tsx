import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 3600

export default async function HomePage() {
  const supabase = createPublicClient()
  const { data } = await supabase.from('categories').select('id, name').limit(50)
  return <p>{data?.length}</p>
}
