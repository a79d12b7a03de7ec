import { unstable_noStore as noStore } from 'next/cache'
import { createPublicClient } from '@/lib/supabase/public'

export async function listGuides() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('guides').select('id, title').order('title').limit(50)
  if (error) throw new Error('Could not load guides')
  return data
}

export async function listVideos() {
  noStore() // expect: caching/force-dynamic
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('videos').select('id, title').order('title').limit(50)
  if (error) throw new Error('Could not load videos')
  return data
}
