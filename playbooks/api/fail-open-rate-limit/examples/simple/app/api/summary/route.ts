import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { withinLimit } from '@/lib/limit'

const body = z.object({ text: z.string().min(1).max(8000) })

export async function POST(request: Request) {
  const { user } = await requireUser()
  if (!(await withinLimit(`summary:${user.id}`))) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })
  const { text } = body.parse(await request.json())
  const response = await fetch('https://api.openai.com/v1/responses', {
    method: 'POST',
    signal: AbortSignal.timeout(30_000),
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}` },
    body: JSON.stringify({ model: 'gpt-5-mini', input: text }),
  })
  if (!response.ok) return NextResponse.json({ error: 'Could not summarise' }, { status: 502 })
  return NextResponse.json(await response.json())
}
