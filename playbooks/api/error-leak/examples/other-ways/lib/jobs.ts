import { err, ok } from 'neverthrow'
import { requireUser } from '@/lib/auth'

export async function loadJobs() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('jobs').select('id, state').eq('owner_id', user.id).limit(20)
  if (error) return err(error.message)
  return ok(data)
}
