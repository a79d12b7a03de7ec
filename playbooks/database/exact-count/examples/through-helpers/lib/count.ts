import type { SupabaseClient } from '@supabase/supabase-js'
import { createClient } from '@/lib/supabase/server'

const COUNT_ONLY = { count: 'exact', head: true } as const

export async function countActive(client: SupabaseClient) {
  const { count, error } = await client.from('listings').select('*', COUNT_ONLY).eq('status', 'active') // expect: database/exact-count
  if (error) throw new Error('Could not count listings')
  return count ?? 0
}

interface PageOptions {
  mode: 'exact' | 'planned'
}

export async function listingsPage({ mode }: PageOptions = { mode: 'exact' }) {
  const supabase = await createClient()
  // Both modes are possible, so nothing is certain here.
  const { data, count } = await supabase.from('listings').select('id, title', { count: mode }).order('id').limit(20)
  return { listings: data ?? [], total: count }
}
