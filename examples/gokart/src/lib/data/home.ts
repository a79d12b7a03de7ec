import 'server-only'
import { unstable_cache } from 'next/cache'
import { logError } from '@/lib/log'
import { createPublicClient } from '@/lib/supabase/public'

export interface SiteStats {
  builds: number
  topics: number
}

/** The two numbers on the front page. */
export const getSiteStats = unstable_cache(
  async (): Promise<SiteStats | null> => {
    const supabase = createPublicClient()
    const builds = await supabase.from('builds').select('id', { count: 'estimated', head: true })
    const topics = await supabase.from('forum_categories').select('topic_count').limit(50)
    if (builds.error || topics.error) {
      logError('site-stats', builds.error ?? topics.error)
      return null
    }
    return {
      builds: builds.count ?? 0,
      topics: topics.data.reduce((sum, category) => sum + category.topic_count, 0),
    }
  },
  ['site-stats'],
  { revalidate: 3600, tags: ['stats'] },
)

/** The six public builds with the most likes. */
export const getFeaturedBuilds = unstable_cache(
  async () => {
    const supabase = createPublicClient()
    const { data, error } = await supabase
      .from('builds')
      .select('id, name, description, like_count, engine:engines(name, slug)')
      .eq('visibility', 'public')
      .order('like_count', { ascending: false })
      .limit(6)
    if (error) throw new Error(`featured builds: ${error.message}`)
    return data
  },
  ['featured-builds'],
  { revalidate: 600, tags: ['builds'] },
)
