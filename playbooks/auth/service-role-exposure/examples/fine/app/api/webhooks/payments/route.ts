import { createHmac, timingSafeEqual } from 'node:crypto'
import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

export async function POST(request: Request) {
  const body = await request.text()
  const wanted = createHmac('sha256', process.env.PAYMENTS_SECRET!).update(body).digest()
  const given = Buffer.from(request.headers.get('x-signature') ?? '', 'hex')
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return new NextResponse(null, { status: 401 })
  const { orderId } = JSON.parse(body)
  const { error } = await createAdminClient().from('orders').update({ paid: true }).eq('id', orderId)
  if (error) return new NextResponse(null, { status: 500 })
  return NextResponse.json({ ok: true })
}
