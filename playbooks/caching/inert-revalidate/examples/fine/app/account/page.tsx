import { redirect } from 'next/navigation'
import { getPlans } from '@/lib/plans'
import { createClient } from '@/lib/supabase/server'

/** Dynamic, with a `revalidate` that counts: the one of the data cache. */
export default async function AccountPage() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  if (!data.user) redirect('/login')
  const plans = await getPlans()
  return <p>{plans.length} plans</p>
}
