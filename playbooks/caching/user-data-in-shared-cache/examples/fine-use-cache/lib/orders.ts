import { cacheLife } from 'next/cache'
import { createAdminClient } from '@/lib/supabase/admin'

/** Arguments and captured variables are part of the key of 'use cache'. */
export async function ordersOf(userId: string) {
  'use cache'
  cacheLife('minutes')
  const { data, error } = await createAdminClient().from('orders').select('id').eq('user_id', userId).order('id').limit(20)
  if (error) throw new Error('Could not load orders')
  return data
}
