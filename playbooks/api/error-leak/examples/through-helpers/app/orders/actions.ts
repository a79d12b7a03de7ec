'use server'

import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { cancelOrder } from '@/lib/orders'
import { type ActionResult, fail, ok } from '@/lib/result'

export async function cancel(input: unknown): Promise<ActionResult<string>> {
  const id = z.uuid().parse(input)
  const { supabase, user } = await requireUser()
  try {
    await cancelOrder(supabase, id, user.id)
    return ok(id)
  } catch (error) {
    return fail(error)
  }
}
