import type { SupabaseClient } from '@supabase/supabase-js'

/** The client comes from the caller: the role shows only there. */
export async function approveRun(client: SupabaseClient, runId: string, reviewerId: string) {
  const { error } = await client.from('runs').update({ status: 'approved', reviewer_id: reviewerId }).eq('id', runId)
  if (error) throw new Error('Could not approve the run')
}

export async function recentRuns(client: SupabaseClient) {
  const { data, error } = await client.from('runs').select('id, status').order('created_at', { ascending: false }).limit(50)
  if (error) throw new Error('Could not load runs')
  return data
}
