import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

/** A path parameter in an equality finds its row or none. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('notes').select('id, title, body').eq('id', id).eq('user_id', user.id).maybeSingle()
  if (error) return NextResponse.json({ error: 'Could not load the note' }, { status: 500 })
  if (!data) return NextResponse.json({ error: 'Not found' }, { status: 404 })
  return NextResponse.json(data)
}
