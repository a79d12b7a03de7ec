import { createSafeActionClient } from 'next-safe-action'
import { createClient } from '@/lib/supabase/server'

export const actionClient = createSafeActionClient()

export const authActionClient = actionClient.use(async ({ next }) => {
  const supabase = await createClient()
  const { data } = await supabase.auth.getUser()
  if (!data.user) throw new Error('Sign in first')
  return next({ ctx: { supabase, userId: data.user.id } })
})
