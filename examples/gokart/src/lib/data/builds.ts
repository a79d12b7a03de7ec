import 'server-only'
import type { Cursor } from '@/lib/cursor'
import { createPublicClient } from '@/lib/supabase/public'
import { createClient } from '@/lib/supabase/server'

const PAGE_SIZE = 24

/** A page of the gallery, newest first: the builds after `cursor`, or the first ones. */
export async function listPublicBuilds(cursor: Cursor | null) {
  const supabase = createPublicClient()
  let query = supabase
    .from('builds')
    .select('id, name, description, like_count, created_at, engine:engines(name, slug), build_parts(part:parts(name))')
    .eq('visibility', 'public')
    .order('created_at', { ascending: false })
    .order('id', { ascending: false })

  if (cursor) {
    query = query.or(`created_at.lt.${cursor.at},and(created_at.eq.${cursor.at},id.lt.${cursor.id})`)
  }

  const { data, error } = await query.limit(3, { referencedTable: 'build_parts' }).limit(PAGE_SIZE + 1)
  if (error) throw new Error(`builds: ${error.message}`)

  const builds = data.slice(0, PAGE_SIZE)
  const last = builds.at(-1)
  return { builds, next: data.length > PAGE_SIZE && last ? { at: last.created_at, id: last.id } : null }
}

/** A build that the reader may see; null when there is none. */
export async function getBuild(id: string) {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('builds')
    .select(
      'id, user_id, name, description, visibility, like_count, created_at, engine:engines(name, slug), owner:profiles!builds_user_id_fkey(username, display_name)',
    )
    .eq('id', id)
    .maybeSingle()
  if (error) throw new Error(`build ${id}: ${error.message}`)
  return data
}

/** The parts of one build with their prices. */
export async function listBuildParts(buildId: string) {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('build_parts')
    .select('quantity, part:parts(slug, name, price_cents)')
    .eq('build_id', buildId)
    .limit(60)
  if (error) throw new Error(`parts of build ${buildId}: ${error.message}`)
  return data
}

/** A member's newest builds and what the parts of each cost. */
export async function listMyBuilds(userId: string) {
  const supabase = await createClient()
  const { data: builds, error } = await supabase
    .from('builds')
    .select('id, name, visibility, like_count')
    .eq('user_id', userId)
    .order('created_at', { ascending: false })
    .limit(30)
  if (error) throw new Error(`builds of a member: ${error.message}`)

  const withCosts = []
  for (const build of builds) {
    const parts = await listBuildParts(build.id)
    const cents = parts.reduce((sum, item) => sum + item.quantity * (item.part?.price_cents ?? 0), 0)
    withCosts.push({ ...build, partCount: parts.length, cents })
  }
  return withCosts
}

/** Which of these builds the member likes. */
export async function listLikedIds(userId: string, buildIds: string[]): Promise<Set<string>> {
  if (buildIds.length === 0) return new Set()
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('build_likes')
    .select('build_id')
    .eq('user_id', userId)
    .in('build_id', buildIds)
    .limit(buildIds.length)
  if (error) throw new Error(`likes: ${error.message}`)
  return new Set(data.map(like => like.build_id))
}
