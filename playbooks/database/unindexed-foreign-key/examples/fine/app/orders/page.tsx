import { requireUser } from '@/lib/auth'

export default async function OrdersPage() {
  const { supabase, user } = await requireUser()
  const { data } = await supabase
    .from('orders')
    .select('id, placed_at, order_items(title)')
    .eq('user_id', user.id)
    .limit(20)
  return <p>{data?.length}</p>
}
