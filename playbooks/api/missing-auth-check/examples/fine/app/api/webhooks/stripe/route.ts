import { NextResponse } from 'next/server'
import Stripe from 'stripe'
import { createAdminClient } from '@/lib/supabase/admin'

const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!, { timeout: 10_000 })

export async function POST(request: Request) {
  const signature = request.headers.get('stripe-signature')
  if (!signature) return new NextResponse('No signature', { status: 400 })
  let event: Stripe.Event
  try {
    event = stripe.webhooks.constructEvent(await request.text(), signature, process.env.STRIPE_WEBHOOK_SECRET!)
  } catch {
    return new NextResponse('Bad signature', { status: 400 })
  }
  const supabase = createAdminClient()
  const { error } = await supabase.from('stripe_events').upsert({ id: event.id, type: event.type })
  if (error) return new NextResponse(null, { status: 500 })
  return NextResponse.json({ received: true })
}
