import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 60

export default async function HomePage() {
  const supabase = createPublicClient()
  const { data } = await supabase
    .from('posts')
    .select('id, slug, likes')
    .eq('status', 'published')
    .order('likes', { ascending: false })
    .limit(20)
  return <p>{data?.length}</p>
}
