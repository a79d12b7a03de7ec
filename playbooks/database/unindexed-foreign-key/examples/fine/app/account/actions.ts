'use server'

import { createClient } from '@supabase/supabase-js'
import { requireUser } from '@/lib/auth'

export async function deleteAccount() {
  const { user } = await requireUser()
  const admin = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.SUPABASE_SECRET_KEY!, {
    auth: { persistSession: false },
  })
  const { error } = await admin.auth.admin.deleteUser(user.id)
  return { ok: !error }
}
