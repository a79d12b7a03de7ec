import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

/** Cached, but only by the visitor's own browser. */
export async function GET() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('profiles').select('name').eq('id', user.id).single()
  if (error) return NextResponse.json({ error: 'Could not load the profile' }, { status: 500 })
  return NextResponse.json(data, { headers: { 'Cache-Control': 'private, max-age=60' } })
}
