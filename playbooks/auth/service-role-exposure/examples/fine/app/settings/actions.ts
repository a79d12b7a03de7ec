'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { requireAdmin } from '@/lib/staff'
import { createAdminClient } from '@/lib/supabase/admin'

const settings = z.object({ theme: z.enum(['light', 'dark']) })

/** Tied to the session by its own filter. */
export async function saveSettings(input: unknown) {
  const values = settings.parse(input)
  const { user } = await requireUser()
  const { error } = await createAdminClient().from('settings').update(values).eq('user_id', user.id)
  if (error) throw new Error('Could not save the settings')
}

/** An administrator may. */
export async function banMember(input: unknown) {
  const memberId = z.uuid().parse(input)
  await requireAdmin()
  const { error } = await createAdminClient().from('profiles').update({ banned: true }).eq('id', memberId)
  if (error) throw new Error('Could not ban the member')
}
