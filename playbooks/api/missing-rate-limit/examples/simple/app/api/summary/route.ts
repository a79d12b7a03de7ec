import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const body = z.object({ text: z.string().min(1).max(8000) })

/** Signed in, but one account can spend the month's model budget in an hour. */
export async function POST(request: Request) { // expect: api/missing-rate-limit
  await requireUser()
  const { text } = body.parse(await request.json())
  const response = await fetch('https://api.openai.com/v1/responses', {
    method: 'POST',
    signal: AbortSignal.timeout(30_000),
    headers: { authorization: `Bearer ${process.env.OPENAI_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5-mini', input: `Summarise: ${text}` }),
  })
  if (!response.ok) return NextResponse.json({ error: 'Could not summarise' }, { status: 502 })
  return NextResponse.json(await response.json())
}
