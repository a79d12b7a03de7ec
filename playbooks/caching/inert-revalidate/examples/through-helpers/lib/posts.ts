import { createClient } from '@/lib/supabase/server'

export async function newestPosts() {
  const supabase = await createClient()
  const { data, error } = await supabase.from('posts').select('id, title').order('created_at').limit(20)
  if (error) throw new Error('Could not load posts')
  return data
}
