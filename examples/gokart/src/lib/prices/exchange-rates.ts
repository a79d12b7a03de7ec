import 'server-only'
import { z } from 'zod'
import { serverEnv } from '@/lib/env'
import { logError } from '@/lib/log'

const ratesSchema = z.object({ rates: z.record(z.string(), z.number().positive()) })

/** What one euro is worth in other currencies; null when the bank does not answer in time. */
export async function getExchangeRates(): Promise<Record<string, number> | null> {
  try {
    const response = await fetch(`${serverEnv('EXCHANGE_RATES_URL')}/v1/latest?base=EUR`, {
      signal: AbortSignal.timeout(3_000),
      next: { revalidate: 3600 },
    })
    if (!response.ok) throw new Error(`exchange rates: ${response.status}`)
    return ratesSchema.parse(await response.json()).rates
  } catch (error) {
    logError('exchange-rates', error)
    return null
  }
}
