import { cache } from 'react'
import { createClient } from '@/lib/supabase/server'

export const getViewer = cache(async () => {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  return data.user
})
