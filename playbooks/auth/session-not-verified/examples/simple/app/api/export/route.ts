import { NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

export async function GET() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getSession() // expect: auth/session-not-verified
  if (!data.session) return NextResponse.json({ error: 'Sign in first' }, { status: 401 })
  const { data: orders, error } = await supabase.from('orders').select('id').eq('user_id', data.session.user.id).order('id').limit(500)
  if (error) return NextResponse.json({ error: 'Could not export' }, { status: 500 })
  return NextResponse.json(orders)
}
