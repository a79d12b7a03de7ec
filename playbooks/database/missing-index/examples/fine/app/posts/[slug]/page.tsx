import { createPublicClient } from '@/lib/supabase/public'

export default async function PostPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  const supabase = createPublicClient()
  const { data } = await supabase.from('posts').select('id, likes').eq('slug', slug).maybeSingle()
  return <p>{data?.likes}</p>
}
