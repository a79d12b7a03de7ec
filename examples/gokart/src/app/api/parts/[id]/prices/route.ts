import { NextResponse } from 'next/server'
import { listOffers } from '@/lib/data/parts'
import { logError } from '@/lib/log'
import { getExchangeRates } from '@/lib/prices/exchange-rates'
import { getMerchantPrice } from '@/lib/prices/merchant-prices'
import { allowRequest, clientAddress } from '@/lib/rate-limit'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  if (!UUID.test(id)) return NextResponse.json({ error: 'There is no such part.' }, { status: 400 })
  if (!(await allowRequest('read', await clientAddress()))) {
    return NextResponse.json({ error: 'Too many requests.' }, { status: 429 })
  }

  try {
    const [offers, rates] = await Promise.all([listOffers(id), getExchangeRates()])
    const prices = await Promise.all(
      offers.map(async offer => {
        const price = await getMerchantPrice(offer.merchant?.slug ?? '', offer.merchant_sku)
        const rate = price?.currency === 'EUR' ? 1 : rates?.[price?.currency ?? '']
        return {
          merchant: offer.merchant?.name ?? 'Shop',
          url: offer.url,
          cents: price && rate ? Math.round(price.amount / rate) : null,
          inStock: price?.inStock ?? null,
        }
      }),
    )
    return NextResponse.json({ prices }, { headers: { 'Cache-Control': 'public, s-maxage=300' } })
  } catch (error) {
    logError('part-prices', error)
    return NextResponse.json({ error: 'Prices are not available.' }, { status: 503 })
  }
}
