import { NextResponse } from 'next/server'
import { isCron } from '@/lib/cron'
import { createAdminClient } from '@/lib/supabase/admin'

/** One of the two ways past the check is a header with a word. */
export async function GET(request: Request) { // expect: api/missing-auth-check
  if (!isCron(request)) return new NextResponse(null, { status: 401 })
  const { error } = await createAdminClient().from('digests').update({ sent: true }).eq('sent', false)
  return NextResponse.json({ ok: !error })
}
