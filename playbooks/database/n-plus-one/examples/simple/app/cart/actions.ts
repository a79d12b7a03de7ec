'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'

const cart = z.array(z.object({ productId: z.uuid(), quantity: z.number().int().min(1).max(99) })).max(50)

export async function saveCart(input: unknown) {
  const lines = cart.parse(input)
  const { supabase, user } = await requireUser()
  for (const line of lines) {
    const { error } = await supabase.from('cart_lines').upsert({ user_id: user.id, product_id: line.productId, quantity: line.quantity }) // expect: database/n-plus-one
    if (error) throw new Error('Could not save the cart')
  }
}
