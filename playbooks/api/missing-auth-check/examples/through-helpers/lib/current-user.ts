import { createClient } from '@/lib/supabase/server'

/** Null when nobody is signed in: the caller has to look. */
export async function currentUser() {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  return data.user
}
