import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

/** A page size of 100,000 is a number too. */
export async function GET(request: Request) { // expect: api/missing-input-validation
  const { supabase, user } = await requireUser()
  const { searchParams } = new URL(request.url)
  const limit = Number.parseInt(searchParams.get('limit') ?? '20', 10)
  const { data, error } = await supabase.from('parts').select('id, name').eq('owner_id', user.id).order('id').limit(limit)
  if (error) return NextResponse.json({ error: 'Could not load parts' }, { status: 500 })
  return NextResponse.json(data)
}

export async function POST(request: Request) { // expect: api/missing-input-validation
  const { supabase, user } = await requireUser()
  const body = await request.json()
  const { error } = await supabase.from('parts').insert({ name: body.name, notes: body.notes, owner_id: user.id })
  if (error) return NextResponse.json({ error: 'Could not save the part' }, { status: 500 })
  return NextResponse.json({ ok: true }, { status: 201 })
}
