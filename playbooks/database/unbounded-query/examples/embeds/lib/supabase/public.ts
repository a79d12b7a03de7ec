import { createClient } from '@supabase/supabase-js'

/** Without cookies: reads what everybody may read, and keeps pages static. */
export function createPublicClient() {
  return createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY!, {
    auth: { persistSession: false },
  })
}
