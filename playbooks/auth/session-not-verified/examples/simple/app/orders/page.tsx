import { redirect } from 'next/navigation'
import { createClient } from '@/lib/supabase/server'

export default async function OrdersPage() {
  const supabase = await createClient()
  const {
    data: { session },
  } = await supabase.auth.getSession() // expect: auth/session-not-verified
  if (!session) redirect('/login')
  const { data: orders, error } = await supabase.from('orders').select('id').eq('user_id', session.user.id).order('id').limit(20)
  if (error) throw new Error('Could not load orders')
  return <p>{orders.length} orders</p>
}
