'use server'

import { requireUser } from '@/lib/auth'

/** On a write, `count` says how many rows were written: nothing more is read. */
export async function markAllRead() {
  const { supabase, user } = await requireUser()
  const { count, error } = await supabase
    .from('notifications')
    .update({ read_at: new Date().toISOString() }, { count: 'exact' })
    .eq('user_id', user.id)
  if (error) throw new Error('Could not mark as read')
  return count
}
