import { unstable_cache } from 'next/cache'
import { cache } from 'react'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'
import { createPublicClient } from '@/lib/supabase/public'

/** React's cache() ends with the request. */
export const getViewerOrders = cache(async () => {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('orders').select('id').eq('user_id', user.id).order('id').limit(20)
  if (error) throw new Error('Could not load orders')
  return data
})

/** The user is part of the key, as an argument. */
const ordersOf = unstable_cache(
  async (userId: string) => {
    const { data, error } = await createAdminClient().from('orders').select('id').eq('user_id', userId).order('id').limit(20)
    if (error) throw new Error('Could not load orders')
    return data
  },
  ['orders-of'],
  { revalidate: 60 },
)

export async function getCachedOrders() {
  const { user } = await requireUser()
  return ordersOf(user.id)
}

/** The user is part of the key, by name. */
export async function getPlan() {
  const { supabase, user } = await requireUser()
  const load = unstable_cache(
    async () => {
      const { data, error } = await supabase.from('plans').select('name').eq('user_id', user.id).limit(1)
      if (error) throw new Error('Could not load the plan')
      return data[0]
    },
    ['plan', user.id],
    { revalidate: 60 },
  )
  return load()
}

/** The same for everybody. */
export const getCategories = unstable_cache(
  async () => {
    const { data, error } = await createPublicClient().from('categories').select('id, name').order('name').limit(50)
    if (error) throw new Error('Could not load categories')
    return data
  },
  ['categories'],
  { revalidate: 600 },
)
