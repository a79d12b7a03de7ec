import 'server-only'
import { createClient } from '@/lib/supabase/server'

export async function getProfile(userId: string) {
  const supabase = await createClient()
  const { data, error } = await supabase
    .from('profiles')
    .select('id, username, display_name, bio, country, role')
    .eq('id', userId)
    .maybeSingle()
  if (error) throw new Error(`profile: ${error.message}`)
  return data
}
