import 'server-only'
import { unstable_cache } from 'next/cache'
import { createPublicClient } from '@/lib/supabase/public'

export const TOPICS_PER_PAGE = 25

export const listCategories = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data, error } = await supabase
      .from('forum_categories')
      .select('id, slug, name, description, topic_count')
      .order('position')
      .limit(50)
    if (error) throw new Error(`forum categories: ${error.message}`)
    return data
  },
  ['forum-categories'],
  { revalidate: 300, tags: ['forums'] },
)

/** The topics with the latest posts, of all categories. */
export const listLatestTopics = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data, error } = await supabase
      .from('topic_overview')
      .select('id, category_slug, title, post_count, last_post_at, author_name')
      .order('last_post_at', { ascending: false })
      .limit(10)
    if (error) throw new Error(`latest topics: ${error.message}`)
    return data
  },
  ['latest-topics'],
  { revalidate: 60, tags: ['forums'] },
)

export async function getCategory(slug: string) {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('forum_categories')
    .select('id, slug, name, description, topic_count')
    .eq('slug', slug)
    .maybeSingle()
  if (error) throw new Error(`forum category ${slug}: ${error.message}`)
  return data
}

/** Page `page` (from 1) of a category, pinned topics and the latest posts first. */
export async function listTopics(categoryId: number, page: number) {
  const supabase = createPublicClient()
  const first = (page - 1) * TOPICS_PER_PAGE
  const { data, error } = await supabase
    .from('topic_overview')
    .select('id, title, pinned, locked, post_count, last_post_at, author_name')
    .eq('category_id', categoryId)
    .order('pinned', { ascending: false })
    .order('last_post_at', { ascending: false })
    .range(first, first + TOPICS_PER_PAGE - 1)
  if (error) throw new Error(`topics: ${error.message}`)
  return data
}

export async function countTopics(categoryId: number): Promise<number> {
  const supabase = createPublicClient()
  const { count, error } = await supabase
    .from('forum_topics')
    .select('id', { count: 'exact', head: true })
    .eq('category_id', categoryId)
  if (error) throw new Error(`topic count: ${error.message}`)
  return count ?? 0
}

export async function getTopic(id: number) {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('forum_topics')
    .select('id, title, locked, created_at, category:forum_categories(slug, name)')
    .eq('id', id)
    .maybeSingle()
  if (error) throw new Error(`topic ${id}: ${error.message}`)
  return data
}

/** The posts of a topic, oldest first. */
export async function listPosts(topicId: number) {
  const supabase = createPublicClient()
  const { data, error } = await supabase
    .from('forum_posts')
    .select('id, body, created_at, author:profiles(username, display_name)')
    .eq('topic_id', topicId)
    .order('created_at')
  if (error) throw new Error(`posts of topic ${topicId}: ${error.message}`)
  return data
}
