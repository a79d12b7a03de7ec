import 'server-only'
import { createClient } from '@supabase/supabase-js'
import { publicEnv, serverEnv } from '@/lib/env'
import type { Database } from '@/types/database'

/** A client that row-level security does not apply to. */
export function createAdminClient() {
  return createClient<Database>(publicEnv('NEXT_PUBLIC_SUPABASE_URL'), serverEnv('SUPABASE_SERVICE_ROLE_KEY'), {
    auth: { persistSession: false, autoRefreshToken: false },
  })
}
