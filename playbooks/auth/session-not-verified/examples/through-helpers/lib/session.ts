import { redirect } from 'next/navigation'
import { cache } from 'react'
import { createClient } from '@/lib/supabase/server'

/** "Current user" says the name; "whatever the cookie claims" does the code. */
export const currentUser = cache(async () => {
  const supabase = await createClient()
  const { data, error } = await supabase.auth.getSession() // expect: auth/session-not-verified
  if (error) return null
  return data.session?.user ?? null
})

export async function requireAdmin() {
  const user = await currentUser()
  if (user?.app_metadata.role !== 'admin') redirect('/')
  return user
}
