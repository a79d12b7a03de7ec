import { requireUser } from '@/lib/auth'
import { newestProjects, TeamService } from '@/lib/teams'

export default async function TeamsPage() {
  const { supabase, user } = await requireUser()
  const { data: teams, error } = await supabase.from('teams').select('id, name, owner_id').order('name').limit(25)
  if (error) throw new Error('Could not load teams')
  const roles = await new TeamService(supabase).rolesIn(
    teams.map(team => team.id),
    user.id,
  )
  const projects = await newestProjects(teams.map(team => team.owner_id))
  return <pre>{JSON.stringify({ teams, roles, projects })}</pre>
}
