import type { SupabaseClient } from '@supabase/supabase-js'

export async function loadCart(client: SupabaseClient, userId: string) {
  const { data, error } = await client.from('carts').select('id, total_cents').eq('user_id', userId).limit(1)
  if (error) throw new Error('Could not load the cart')
  return data[0]
}
