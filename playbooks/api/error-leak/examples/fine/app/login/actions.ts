'use server'

import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'

const credentials = z.object({ email: z.email(), password: z.string().max(200) })

/** Supabase Auth writes these messages for the person who signs in. */
export async function signIn(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  if (!(await isAllowed('sign-in'))) return { error: 'Too many attempts' }
  const supabase = await createClient()
  const { error } = await supabase.auth.signInWithPassword(values)
  return { error: error ? error.message : null }
}
