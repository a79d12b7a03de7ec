'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { partner, ping, shippingRates } from '@/lib/http'

export async function quote(input: unknown) {
  const country = z.string().length(2).parse(input)
  const { user } = await requireUser()
  if (!(await ping())) return null
  const [rates, account] = await Promise.all([shippingRates(country), partner<{ plan: string }>(`/accounts/${user.id}`)])
  return { rates, plan: account.plan }
}
