'use server'

import { type ActionResult, fail, ok, parseInput } from '@/lib/action-result'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'
import { signInSchema, signUpSchema } from '@/lib/schemas/auth'
import { createClient } from '@/lib/supabase/server'

export async function signIn(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(signInSchema, input)
  if (!parsed.success) return parsed
  if (!(await allowRequest('auth', await clientAddress()))) return fail('Too many attempts. Try again in ten minutes.')

  const supabase = await createClient()
  const { error } = await supabase.auth.signInWithPassword(parsed.data)
  if (error) return fail('E-mail address or password is wrong.')
  return ok()
}

export async function signUp(input: unknown): Promise<ActionResult> {
  const parsed = parseInput(signUpSchema, input)
  if (!parsed.success) return parsed

  const supabase = await createClient()
  const { error } = await supabase.auth.signUp({
    email: parsed.data.email,
    password: parsed.data.password,
    options: {
      data: { display_name: parsed.data.displayName },
      emailRedirectTo: `${process.env.NEXT_PUBLIC_SITE_URL ?? ''}/auth/callback`,
    },
  })
  if (error) {
    logError('sign-up', error)
    return fail('We could not create this account.')
  }
  return ok()
}
