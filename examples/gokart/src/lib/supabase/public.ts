import 'server-only'
import { createClient } from '@supabase/supabase-js'
import { publicEnv } from '@/lib/env'
import type { Database } from '@/types/database'

/** A client without a session: it sees what a guest sees, so that its results may be cached for everybody. */
export function createPublicClient() {
  return createClient<Database>(publicEnv('NEXT_PUBLIC_SUPABASE_URL'), publicEnv('NEXT_PUBLIC_SUPABASE_ANON_KEY'), {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}
