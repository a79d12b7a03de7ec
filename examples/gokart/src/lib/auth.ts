import 'server-only'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { createClient } from '@/lib/supabase/server'

export interface CurrentUser {
  id: string
  email: string | null
}

/** Whoever sent this request, confirmed by the auth server; null for guests. Asked once a request. */
export const getCurrentUser = cache(async (): Promise<CurrentUser | null> => {
  const supabase = await createClient()
  const { data, error } = await supabase.auth.getUser()
  if (error || !data.user) return null
  return { id: data.user.id, email: data.user.email ?? null }
})

/** The member who sent this request; guests are sent to the login page. */
export async function requireUser(next = '/dashboard'): Promise<CurrentUser> {
  const user = await getCurrentUser()
  if (!user) redirect(`/login?next=${encodeURIComponent(next)}`)
  return user
}

/** The admin who sent this request; everybody else is sent home. */
export async function requireAdmin(): Promise<CurrentUser> {
  const user = await requireUser('/admin')
  const supabase = await createClient()
  const { data: profile } = await supabase.from('profiles').select('role').eq('id', user.id).single()
  if (profile?.role !== 'admin') redirect('/')
  return user
}
