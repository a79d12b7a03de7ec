import { createClient } from '@supabase/supabase-js'

/** NEXT_PUBLIC_ puts the key that bypasses every policy into the bundle. */
export const adminClient = createClient(
  process.env.NEXT_PUBLIC_SUPABASE_URL!,
  process.env.NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY!, // expect: auth/service-role-exposure
)
