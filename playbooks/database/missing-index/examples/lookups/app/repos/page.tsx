import { requireUser } from '@/lib/auth'
import { currentTeamId } from '@/lib/team'

export default async function ReposPage() {
  const { supabase, user } = await requireUser()
  const teamId = currentTeamId(user)
  // Both sides of the or() must be found by an index, or the table is read for one of them.
  const { data } = await supabase
    .from('repos')
    .select('id, full_name')
    .or(`user_id.eq.${user.id},team_id.eq.${teamId}`)
    .limit(50)
  return <p>{data?.length}</p>
}
