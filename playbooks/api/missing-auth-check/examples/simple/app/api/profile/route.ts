import { NextResponse } from 'next/server'
import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'

const change = z.object({ id: z.uuid(), name: z.string().min(1).max(80) })

export async function PATCH(request: Request) { // expect: api/missing-auth-check
  if (!(await isAllowed('profile'))) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })
  const parsed = change.safeParse(await request.json())
  if (!parsed.success) return NextResponse.json({ error: 'Invalid body' }, { status: 400 })
  const supabase = await createClient()
  const { error } = await supabase.from('profiles').update({ name: parsed.data.name }).eq('id', parsed.data.id)
  if (error) return NextResponse.json({ error: 'Could not save' }, { status: 500 })
  return NextResponse.json({ ok: true })
}
