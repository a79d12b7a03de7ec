import { unstable_cache } from 'next/cache'
import { requireUser } from '@/lib/auth'

export default async function OrdersPage() {
  const { supabase, user } = await requireUser()
  // The key is ['orders'] for everybody: what a function closes over is not part of it.
  const loadOrders = unstable_cache( // expect: caching/user-data-in-shared-cache
    async () => {
      const { data, error } = await supabase.from('orders').select('id, total_cents').eq('user_id', user.id).order('id').limit(20)
      if (error) throw new Error('Could not load orders')
      return data
    },
    ['orders'],
    { revalidate: 300 },
  )
  const orders = await loadOrders()
  return <p>{orders.length} orders</p>
}
