import { requireUser } from '@/lib/auth'
import { countMembers } from '@/lib/stats'

export default async function AccountPage() {
  const { supabase, user } = await requireUser()
  const [unread, rough, estimate, members] = await Promise.all([
    // An index range of one user.
    supabase.from('notifications').select('id', { count: 'exact', head: true }).eq('user_id', user.id).is('read_at', null),
    supabase.from('parts').select('id', { count: 'planned', head: true }),
    supabase.from('threads').select('id', { count: 'estimated', head: true }),
    countMembers(),
  ])
  if (unread.error || rough.error || estimate.error) throw new Error('Could not load the account')
  return (
    <p>
      {unread.count} unread, {rough.count} parts, {estimate.count} threads, {members} members
    </p>
  )
}
