import { firstPage } from '@/lib/paging'
import { createPublicClient } from '@/lib/supabase/public'

export async function listPosts(topic?: 'news' | 'help') {
  const supabase = createPublicClient()
  let query = supabase.from('posts').select('id, title').order('created_at', { ascending: false })
  if (topic) query = query.eq('topic', topic)
  const { data, error } = await firstPage(query)
  if (error) throw new Error('Could not load posts')
  return data
}

/** Bounded on both ways, each by its own call. */
export async function teasers(all: boolean) {
  const supabase = createPublicClient()
  const base = supabase.from('posts').select('id, title').order('id')
  const { data, error } = all ? await base.range(0, 49) : await base.limit(3)
  if (error) throw new Error('Could not load posts')
  return data
}

export async function findPost(slug: string) {
  const supabase = createPublicClient()
  // posts.slug is unique: at most one row.
  const { data, error } = await supabase.from('posts').select('id, title, body').eq('slug', slug)
  if (error) throw new Error('Could not load the post')
  return data[0]
}

/** Tags of one post: the detail of one parent, small by nature. */
export async function tagsOf(postId: string) {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('post_tags').select('tag').eq('post_id', postId)
  if (error) throw new Error('Could not load tags')
  return data.map(row => row.tag)
}

export async function featured() {
  const supabase = createPublicClient()
  const ids = (await listPosts('news')).slice(0, 3).map(post => post.id)
  const { data, error } = await supabase.from('posts').select('id, title, body').in('id', ids)
  if (error) throw new Error('Could not load featured posts')
  return data
}

export async function roughCount() {
  const supabase = createPublicClient()
  const { count, error } = await supabase.from('posts').select('id', { count: 'planned', head: true })
  if (error) throw new Error('Could not count posts')
  return count ?? 0
}
