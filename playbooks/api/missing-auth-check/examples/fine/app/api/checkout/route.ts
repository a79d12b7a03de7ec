import { NextResponse } from 'next/server'
import Stripe from 'stripe'
import { isAllowed } from '@/lib/rate-limit'
import { createAdminClient } from '@/lib/supabase/admin'

/** A guest's checkout: the proxy named the shop, and all that is written is what Stripe answers. */
export async function POST(request: Request) {
  if (!(await isAllowed('checkout'))) return new NextResponse(null, { status: 429 })
  const shopId = request.headers.get('x-shop-id')
  if (!shopId) return new NextResponse(null, { status: 400 })
  const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!)
  const product = await stripe.products.create({ name: 'Day pass' })
  const { error } = await createAdminClient().from('shops').update({ stripe_product_id: product.id }).eq('id', shopId)
  return NextResponse.json({ ok: !error })
}
