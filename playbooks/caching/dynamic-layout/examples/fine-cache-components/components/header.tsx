import { createClient } from '@/lib/supabase/server'

export async function Header() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getClaims()
  return <header>{data ? data.claims.email : 'Sign in'}</header>
}
