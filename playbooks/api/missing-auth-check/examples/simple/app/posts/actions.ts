'use server'

import { z } from 'zod'
import { isAllowed } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'

/** An exported action is an address that anybody may post to, whatever page shows its button. */
export async function deletePost(id: unknown) { // expect: api/missing-auth-check
  const postId = z.uuid().parse(id)
  if (!(await isAllowed('delete-post'))) throw new Error('Too many requests')
  const supabase = await createClient()
  const { error } = await supabase.from('posts').delete().eq('id', postId)
  if (error) throw new Error('Could not delete the post')
}

/** Reads the orders of whomever the caller names. */
export async function ordersOf(id: unknown) { // expect: api/missing-auth-check
  const userId = z.uuid().parse(id)
  const supabase = await createClient()
  const { data, error } = await supabase.from('orders').select('id, total_cents').eq('user_id', userId).order('id').limit(50)
  if (error) throw new Error('Could not load orders')
  return data
}
