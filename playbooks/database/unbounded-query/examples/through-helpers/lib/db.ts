import type { SupabaseClient } from '@supabase/supabase-js'
import { createPublicClient } from '@/lib/supabase/public'

let client: SupabaseClient | undefined

/** The name says nothing about the role: it is the anonymous client. */
export function db(): SupabaseClient {
  client ??= createPublicClient()
  return client
}
