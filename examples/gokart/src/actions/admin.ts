'use server'

import { revalidatePath } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok, parseInput } from '@/lib/action-result'
import { requireAdmin } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { memberRoleSchema } from '@/lib/schemas/admin'
import { partIdSchema } from '@/lib/schemas/part'
import { createAdminClient } from '@/lib/supabase/admin'
import { createClient } from '@/lib/supabase/server'

export async function archivePart(input: unknown): Promise<ActionResult> {
  const admin = await requireAdmin()
  const parsed = parseInput(partIdSchema, input)
  if (!parsed.success) return parsed
  if (!(await allowRequest('write', admin.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase.from('parts').update({ archived: true }).eq('id', parsed.data.partId)
  if (error) {
    logError('archive-part', error)
    return fail(GENERIC_ERROR)
  }

  await writeLog(admin.id, 'archive-part', parsed.data.partId)
  revalidatePath('/parts')
  return ok()
}

/** Roles are out of reach for members' own clients, so this is written with the service role. */
export async function setMemberRole(input: unknown): Promise<ActionResult> {
  const admin = await requireAdmin()
  const parsed = parseInput(memberRoleSchema, input)
  if (!parsed.success) return parsed
  if (parsed.data.memberId === admin.id) return fail('You cannot change your own role.')
  if (!(await allowRequest('write', admin.id))) return fail('That was a bit fast. Wait a minute.')

  const { memberId, role } = parsed.data
  const { error } = await createAdminClient().from('profiles').update({ role }).eq('id', memberId)
  if (error) {
    logError('set-member-role', error)
    return fail(GENERIC_ERROR)
  }

  await writeLog(admin.id, `role:${role}`, memberId)
  revalidatePath('/admin')
  return ok()
}

async function writeLog(actorId: string, action: string, subject: string): Promise<void> {
  const supabase = await createClient()
  const { error } = await supabase.from('admin_log').insert({ actor_id: actorId, action, subject })
  if (error) logError('admin-log', error)
}
