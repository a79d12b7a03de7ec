'use server'

import { Resend } from 'resend'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const invitation = z.object({ email: z.email(), words: z.string().max(500) })

/** Signed in, yet one account can write to the whole world. */
export async function invite(form: FormData) { // expect: api/missing-rate-limit
  const { user } = await requireUser()
  const { email, words } = invitation.parse(Object.fromEntries(form))
  const resend = new Resend(process.env.RESEND_API_KEY, { fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(5000) }) })
  await resend.emails.send({ from: 'hello@example.com', to: email, subject: `${user.email} invites you`, text: words })
}
