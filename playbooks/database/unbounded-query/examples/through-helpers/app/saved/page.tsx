import type { SupabaseClient } from '@supabase/supabase-js'
import { requireUser } from '@/lib/auth'

async function loadSaved(client: SupabaseClient, userId: string) {
  const { data, error } = await client
    .from('saved_parts') // expect: database/unbounded-query
    .select('saved_at, parts (id, name)')
    .eq('user_id', userId)
    .order('saved_at', { ascending: false })
  if (error) throw new Error('Could not load saved parts')
  return data
}

export default async function SavedPage() {
  const { supabase, user } = await requireUser()
  const saved = await loadSaved(supabase, user.id)
  return <p>{saved.length} saved parts</p>
}
