'use server'

import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'

const message = z.object({ text: z.string().min(10).max(4000) })

export async function sendMessage(input: unknown) {
  const parsed = message.safeParse(input)
  if (!parsed.success) return { error: 'Please check your message' }
  const allowed = await isAllowed('contact')
  if (!allowed) return { error: 'Please try again in a minute' }
  const response = await fetch('https://api.resend.com/emails', {
    method: 'POST',
    signal: AbortSignal.timeout(5000),
    headers: { authorization: `Bearer ${process.env.RESEND_API_KEY}` },
    body: JSON.stringify({ from: 'site@example.com', to: 'team@example.com', text: parsed.data.text }),
  })
  return { error: response.ok ? null : 'Could not send your message' }
}
