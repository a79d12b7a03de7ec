'use server'

import { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

const order = z.object({ total: z.number().int().min(0).max(1_000_000) })

export async function placeOrder(input: unknown): Promise<{ error?: string }> {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  if (!data.user) return { error: 'Please sign in.' }
  const parsed = order.safeParse(input)
  if (!parsed.success) return { error: 'Please check the order.' }
  const { error } = await supabase.from('orders').insert({ user_id: data.user.id, total: parsed.data.total })
  return error ? { error: 'The order could not be placed.' } : {}
}
