import type { SupabaseClient } from '@supabase/supabase-js'

export async function cancelOrder(client: SupabaseClient, id: string, userId: string) {
  const { error } = await client.from('orders').update({ status: 'cancelled' }).eq('id', id).eq('user_id', userId)
  // Thrown, but caught by the action below, which answers with it.
  if (error) throw new Error(error.message)
}
