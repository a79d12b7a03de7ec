import { redirect } from 'next/navigation'
import { requireUser } from '@/lib/auth'

export default async function Order({ params }: { params: Promise<{ order: string }> }) {
  const { order } = await params
  const { supabase } = await requireUser()
  const { data } = await supabase
    .from('orders')
    .select('id')
    .eq('provider', 'shop')
    .eq('provider_order_id', order)
    .maybeSingle()
  if (!data) redirect('/')
  return <p>{data.id}</p>
}
