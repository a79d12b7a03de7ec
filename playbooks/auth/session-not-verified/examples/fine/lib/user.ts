import { redirect } from 'next/navigation'
import { createClient } from '@/lib/supabase/server'

/** Verified by Supabase Auth. */
export async function requireUser() {
  const supabase = await createClient()
  const { data, error } = await supabase.auth.getUser()
  if (error || !data.user) redirect('/login')
  return { supabase, user: data.user }
}

/** Verified here, with the public key of the project. */
export async function requireUserId(): Promise<string> {
  const supabase = await createClient()
  const { data } = await supabase.auth.getClaims()
  if (!data) redirect('/login')
  return data.claims.sub
}
