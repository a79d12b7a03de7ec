'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'

const credentials = z.object({ email: z.email(), password: z.string().min(10).max(200) })

/** Signing in is for those who are not signed in. */
export async function signIn(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  if (!(await isAllowed('sign-in'))) return { error: 'Too many attempts' }
  const supabase = await createClient()
  const { error } = await supabase.auth.signInWithPassword(values)
  if (error) return { error: 'Wrong e-mail or password' }
  redirect('/')
}

export async function signUp(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  if (!(await isAllowed('sign-up'))) return { error: 'Too many attempts' }
  const supabase = await createClient()
  const { data, error } = await supabase.auth.signUp(values)
  if (error || !data.user) return { error: 'Could not sign up' }
  const { error: profileError } = await supabase.from('profiles').insert({ id: data.user.id, name: 'New member' })
  if (profileError) return { error: 'Could not sign up' }
  redirect('/welcome')
}

export async function signOut() {
  const supabase = await createClient()
  await supabase.auth.signOut()
  redirect('/')
}
