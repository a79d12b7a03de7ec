'use server'

import { Resend } from 'resend'
import { requireUser } from '@/lib/auth'

/** A message of our own to the member's own address. */
export async function invite() {
  const { user } = await requireUser()
  const resend = new Resend(process.env.RESEND_API_KEY, { fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(5000) }) })
  await resend.emails.send({ from: 'hello@example.com', to: user.email, subject: 'Your link', text: 'https://example.com/join' })
}
