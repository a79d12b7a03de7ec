import type { SupabaseClient } from '@supabase/supabase-js'
import { prisma } from '@/lib/prisma'

export class TeamService {
  constructor(private readonly client: SupabaseClient) {}

  async memberOf(teamId: string, userId: string) {
    const { data, error } = await this.client
      .from('members')
      .select('role')
      .match({ team_id: teamId, user_id: userId })
      .maybeSingle()
    if (error) throw new Error('Could not load the member')
    return data
  }

  async rolesIn(teamIds: string[], userId: string) {
    const roles: Record<string, string> = {}
    for (const teamId of teamIds) {
      const member = await this.memberOf(teamId, userId) // expect: database/n-plus-one
      if (member) roles[teamId] = member.role
    }
    return roles
  }
}

function newestProject(ownerId: string) {
  return prisma.project.findFirst({ where: { ownerId }, orderBy: { createdAt: 'desc' } })
}

export async function newestProjects(ownerIds: string[]) {
  return Promise.all(ownerIds.map(ownerId => newestProject(ownerId))) // expect: database/n-plus-one
}

export async function archive(ids: string[]) {
  let index = 0
  while (index < ids.length) {
    await prisma.team.update({ where: { id: ids[index] }, data: { archived: true } }) // expect: database/n-plus-one
    index += 1
  }
}
