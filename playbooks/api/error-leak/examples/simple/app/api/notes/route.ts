import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

export async function GET() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('notes').select('id, body').eq('user_id', user.id).order('id').limit(50)
  if (error) {
    return NextResponse.json({ error: error.message }, { status: 500 }) // expect: api/error-leak
  }
  return NextResponse.json(data)
}

export async function DELETE() {
  const { supabase, user } = await requireUser()
  try {
    await supabase.from('notes').delete().eq('user_id', user.id).throwOnError()
    return NextResponse.json({ ok: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : 'Unknown error'
    return NextResponse.json({ error: message }, { status: 500 }) // expect: api/error-leak
  }
}
