'use server'

import { headers } from 'next/headers'
import { z } from 'zod'
import { isEnabled } from '@/lib/flags'
import { degrading, inProduction, strict } from '@/lib/limits'
import { createClient } from '@/lib/supabase/server'

const credentials = z.object({ email: z.email(), password: z.string().min(10).max(200) })

async function callerAddress() {
  return (await headers()).get('x-forwarded-for') ?? 'unknown'
}

export async function signIn(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  if (!(await strict(await callerAddress()))) return { error: 'Too many attempts' }
  const supabase = await createClient()
  const { error } = await supabase.auth.signInWithPassword(values)
  return { error: error ? 'Wrong e-mail or password' : null }
}

export async function signUp(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  if (!(await isEnabled('sign-up'))) return { error: 'Sign-up is closed' }
  if (!(await degrading(await callerAddress()))) return { error: 'Too many attempts' }
  const supabase = await createClient()
  const { error } = await supabase.auth.signUp(values)
  return { error: error ? 'Could not sign up' : null }
}

export async function resetPassword(formData: FormData) {
  const email = z.email().parse(formData.get('email'))
  if (!(await inProduction(await callerAddress()))) return { error: 'Please try again later' }
  const supabase = await createClient()
  await supabase.auth.resetPasswordForEmail(email)
  return { error: null }
}
