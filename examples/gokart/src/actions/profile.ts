'use server'

import { revalidatePath } from 'next/cache'
import { type ActionResult, fail, GENERIC_ERROR, ok } from '@/lib/action-result'
import { getCurrentUser } from '@/lib/auth'
import { logError } from '@/lib/log'
import { allowRequest } from '@/lib/rate-limit'
import { createAdminClient } from '@/lib/supabase/admin'
import { createClient } from '@/lib/supabase/server'

export interface ProfileValues {
  username: string
  display_name: string
  bio: string | null
  country: string | null
}

export async function updateProfile(values: ProfileValues): Promise<ActionResult> {
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('write', user.id))) return fail('That was a bit fast. Wait a minute.')

  const supabase = await createClient()
  const { error } = await supabase.from('profiles').update(values).eq('id', user.id)
  if (error) {
    logError('update-profile', error)
    return fail('This could not be saved. The user name may be taken.')
  }

  revalidatePath('/settings')
  return ok()
}

/** Removes the account of whoever is signed in, with everything that belongs to it. */
export async function deleteAccount(): Promise<ActionResult> {
  const user = await getCurrentUser()
  if (!user) return fail('Please log in.')
  if (!(await allowRequest('auth', user.id))) return fail('Try again in ten minutes.')

  const { error } = await createAdminClient().auth.admin.deleteUser(user.id)
  if (error) {
    logError('delete-account', error)
    return fail(GENERIC_ERROR)
  }
  return ok()
}
