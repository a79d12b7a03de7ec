import { requireUser } from '@/lib/auth'

export default async function OrdersPage() {
  const { supabase, user } = await requireUser()
  // A list of one's own rows grows with every order.
  const { data: orders, error } = await supabase
    // expect: database/unbounded-query
    .from('orders')
    .select('id, total_cents, placed_at')
    .eq('user_id', user.id)
  if (error) throw new Error('Could not load orders')
  return <p>{orders.length} orders</p>
}
