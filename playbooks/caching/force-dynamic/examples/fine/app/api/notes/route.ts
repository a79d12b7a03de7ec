import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

export const dynamic = 'force-dynamic'

export async function GET() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('notes').select('id').eq('user_id', user.id).order('id').limit(20)
  if (error) return NextResponse.json({ error: 'Could not load notes' }, { status: 500 })
  return NextResponse.json(data)
}
