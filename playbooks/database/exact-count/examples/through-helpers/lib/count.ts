import type { SupabaseClient } from '@supabase/supabase-js'

const COUNT_ONLY = { count: 'exact', head: true } as const

export async function countActive(client: SupabaseClient) {
  const { count, error } = await client.from('listings').select('*', COUNT_ONLY).eq('status', 'active') // expect: database/exact-count
  if (error) throw new Error('Could not count listings')
  return count ?? 0
}
