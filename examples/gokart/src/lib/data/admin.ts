import 'server-only'
import { createClient } from '@/lib/supabase/server'

/** About how large the site is: the planner's numbers do for an overview. */
export async function getOverview() {
  const supabase = await createClient()
  const [builds, topics, posts] = await Promise.all([
    supabase.from('builds').select('id', { count: 'estimated', head: true }),
    supabase.from('forum_topics').select('id', { count: 'estimated', head: true }),
    supabase.from('forum_posts').select('id', { count: 'planned', head: true }),
  ])
  return { builds: builds.count ?? 0, topics: topics.count ?? 0, posts: posts.count ?? 0 }
}

/** The latest things that admins did. */
export async function listLog() {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('admin_log')
    .select('id, action, subject, created_at, actor:profiles(display_name)')
    .order('id', { ascending: false })
    .limit(20)
  if (error) throw new Error(`admin log: ${error.message}`)
  return data
}
