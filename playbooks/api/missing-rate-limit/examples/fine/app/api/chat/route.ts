import { checkRateLimit } from '@vercel/firewall'
import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const body = z.object({ text: z.string().min(1).max(4000) })

export async function POST(request: Request) {
  const { user } = await requireUser()
  const { rateLimited } = await checkRateLimit('chat', { request, rateLimitKey: user.id })
  if (rateLimited) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })
  const { text } = body.parse(await request.json())
  const response = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    signal: AbortSignal.timeout(30_000),
    headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY!, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 500, messages: [{ role: 'user', content: text }] }),
  })
  if (!response.ok) return NextResponse.json({ error: 'Could not answer' }, { status: 502 })
  return NextResponse.json(await response.json())
}
