import 'server-only'
import { z } from 'zod'
import { serverEnv } from '@/lib/env'
import { logError } from '@/lib/log'

const priceSchema = z.object({
  amount: z.number().int().nonnegative(),
  currency: z.string().length(3),
  inStock: z.boolean(),
})

export type MerchantPrice = z.infer<typeof priceSchema>

/** Today's price at a merchant, in cents; null when the merchant has none. */
export async function getMerchantPrice(merchant: string, sku: string): Promise<MerchantPrice | null> {
  try {
    const response = await fetch(
      `${serverEnv('PRICE_FEED_URL')}/${encodeURIComponent(merchant)}/${encodeURIComponent(sku)}`,
      { headers: { accept: 'application/json' }, next: { revalidate: 900 } },
    )
    if (!response.ok) return null
    return priceSchema.parse(await response.json())
  } catch (error) {
    logError('merchant-prices', error)
    return null
  }
}
