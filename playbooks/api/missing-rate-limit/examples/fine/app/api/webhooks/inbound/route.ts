import { createHmac, timingSafeEqual } from 'node:crypto'
import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

/** Signed by the sender. A limit here would lose events. */
export async function POST(request: Request) {
  const body = await request.text()
  const wanted = createHmac('sha256', process.env.INBOUND_SECRET!).update(body).digest()
  const given = Buffer.from(request.headers.get('x-signature') ?? '', 'hex')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return new NextResponse(null, { status: 401 })
  const { id } = JSON.parse(body)
  const { error } = await createAdminClient().from('inbound_events').upsert({ id })
  if (error) return new NextResponse(null, { status: 500 })
  return NextResponse.json({ ok: true })
}
