'use server'

import { z } from 'zod'

const message = z.object({ email: z.email(), text: z.string().min(10).max(4000) })

/** Anybody, as often as they like: the bill and the sender's reputation are ours. */
export async function sendMessage(input: unknown) { // expect: api/missing-rate-limit
  const parsed = message.safeParse(input)
  if (!parsed.success) return { error: 'Please check your message' }
  const response = await fetch('https://api.resend.com/emails', {
    method: 'POST',
    signal: AbortSignal.timeout(5000),
    headers: { authorization: `Bearer ${process.env.RESEND_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'site@example.com', to: 'team@example.com', text: parsed.data.text }),
  })
  return { error: response.ok ? null : 'Could not send your message' }
}
