import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

export async function GET(request: Request) {
  const secret = process.env.CRON_SECRET
  if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) {
    return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })
  }
  const supabase = createAdminClient()
  const { error } = await supabase.from('events').delete().lt('created_at', new Date(Date.now() - 2_592_000_000).toISOString())
  if (error) return NextResponse.json({ error: 'Could not clean up' }, { status: 500 })
  return NextResponse.json({ ok: true })
}
