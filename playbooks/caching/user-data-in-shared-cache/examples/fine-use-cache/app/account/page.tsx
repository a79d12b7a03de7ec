import { redirect } from 'next/navigation'
import { Suspense } from 'react'
import { ordersOf } from '@/lib/orders'
import { createClient } from '@/lib/supabase/server'

async function Orders() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getClaims()
  if (!data) redirect('/login')
  const orders = await ordersOf(data.claims.sub)
  return <p>{orders.length} orders</p>
}

export default function AccountPage() {
  return (
    <Suspense fallback={<p>…</p>}>
      <Orders />
    </Suspense>
  )
}
