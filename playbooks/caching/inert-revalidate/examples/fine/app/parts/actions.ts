'use server'

import { cookies } from 'next/headers'
import { z } from 'zod'

export async function setCurrency(formData: FormData) {
  const currency = z.enum(['eur', 'usd']).parse(formData.get('currency'))
  const cookieStore = await cookies()
  cookieStore.set('currency', currency)
}
