import { createClient } from '@/lib/supabase/server'

export default async function HomePage() {
  const supabase = await createClient()
  const { data: first } = await supabase.from('posts').select('id, title').eq('topic_id', 1).limit(20)
  const { data: own } = await supabase.from('posts').select('id').eq('user_id', 'x').limit(20)
  return <p>{(first?.length ?? 0) + (own?.length ?? 0)}</p>
}
