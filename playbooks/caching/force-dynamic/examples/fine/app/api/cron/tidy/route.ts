import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

export const dynamic = 'force-dynamic'

export async function GET(request: Request) {
  const secret = process.env.CRON_SECRET
  if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) return new NextResponse(null, { status: 401 })
  const { error } = await createAdminClient().from('drafts').delete().eq('abandoned', true)
  if (error) return new NextResponse(null, { status: 500 })
  return NextResponse.json({ ok: true })
}
