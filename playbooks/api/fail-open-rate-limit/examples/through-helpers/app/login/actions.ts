'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { checkContact, checkReset, checkSignIn } from '@/lib/limits'
import { createClient } from '@/lib/supabase/server'

const credentials = z.object({ email: z.email(), password: z.string().min(10).max(200) })

async function callerAddress() {
  return (await headers()).get('x-forwarded-for') ?? 'unknown'
}

export async function signIn(formData: FormData) {
  const values = credentials.parse(Object.fromEntries(formData))
  const verdict = await checkSignIn(await callerAddress())
  if (!verdict.allowed) return { error: verdict.message ?? 'Too many attempts' }
  const supabase = await createClient()
  const { error } = await supabase.auth.signInWithPassword(values)
  if (error) return { error: 'Wrong e-mail or password' }
  redirect('/')
}

export async function resetPassword(formData: FormData) {
  const email = z.email().parse(formData.get('email'))
  if (!(await checkReset(`reset:${await callerAddress()}`))) return { error: 'Please try again later' }
  const supabase = await createClient()
  await supabase.auth.resetPasswordForEmail(email)
  return { error: null }
}

export async function contact(formData: FormData) {
  const text = z.string().min(10).max(4000).parse(formData.get('text'))
  if (!(await checkContact(await callerAddress()))) return { error: 'Please try again later' }
  const response = await fetch('https://api.resend.com/emails', {
    method: 'POST',
    signal: AbortSignal.timeout(5000),
    headers: { authorization: `Bearer ${process.env.RESEND_API_KEY}` },
    body: JSON.stringify({ from: 'site@example.com', to: 'team@example.com', text }),
  })
  return { error: response.ok ? null : 'Could not send your message' }
}
