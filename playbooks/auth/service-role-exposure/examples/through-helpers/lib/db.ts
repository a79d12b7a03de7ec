import { createServerClient } from '@supabase/ssr'

function build(url: string, key: string) {
  return createServerClient(url, key, { cookies: { getAll: () => [], setAll: () => {} } })
}

/** Sounds like the user's client, carries the service key. */
export function serverClient() {
  const key = process.env.SUPABASE_SECRET_KEY
  if (!key) throw new Error('SUPABASE_SECRET_KEY is not set')
  return build(process.env.NEXT_PUBLIC_SUPABASE_URL!, key)
}
