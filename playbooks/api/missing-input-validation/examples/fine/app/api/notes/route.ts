import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { withBody } from '@/lib/with-body'

export const POST = withBody(z.object({ title: z.string().min(1).max(120) }), async ({ body, supabase, user }) => {
  const { error } = await supabase.from('notes').insert({ title: body.title, user_id: user.id })
  if (error) return NextResponse.json({ error: 'Could not save the note' }, { status: 500 })
  return NextResponse.json({ ok: true }, { status: 201 })
})

const DAYS: Record<string, number> = { week: 7, month: 30, quarter: 90 }

/** The range is picked from a list and the limit is clamped: there is nothing left to validate. */
export async function GET(request: Request) {
  const { supabase, user } = await requireUser()
  const { searchParams } = new URL(request.url)
  const days = DAYS[searchParams.get('range') ?? ''] ?? 7
  const limit = Math.min(Math.max(Number(searchParams.get('limit')) || 20, 1), 100)
  const since = new Date(Date.now() - days * 86_400_000).toISOString()
  const { data, error } = await supabase.from('notes').select('id, title').eq('user_id', user.id).gte('created_at', since).limit(limit)
  if (error) return NextResponse.json({ error: 'Could not load notes' }, { status: 500 })
  return NextResponse.json(data)
}
