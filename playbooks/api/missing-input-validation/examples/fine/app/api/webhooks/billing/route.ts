import { createHmac, timingSafeEqual } from 'node:crypto'
import { NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

function isSigned(body: string, signature: string | null): boolean {
  const wanted = createHmac('sha256', process.env.BILLING_SECRET!).update(body).digest()
  const given = Buffer.from(signature ?? '', 'hex')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** Signed by the sender: its shape is the sender's contract. */
export async function POST(request: Request) {
  const body = await request.text()
  if (!isSigned(body, request.headers.get('x-signature'))) return new NextResponse(null, { status: 401 })
  const event = JSON.parse(body)
  const supabase = await createClient()
  const { error } = await supabase.rpc('record_payment', { payment_id: event.id, amount_cents: event.amount })
  if (error) {
    console.error('billing webhook', error)
    return new NextResponse(null, { status: 500 })
  }
  return NextResponse.json({ received: true })
}
