import { redirect } from 'next/navigation'
import { createClient } from '@/lib/supabase/server'

/** Once per page view, where it is needed. */
export default async function AccountPage() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  if (!data.user) redirect('/login')
  return <p>{data.user.email}</p>
}
