// NEXT_PUBLIC_ names must be written out in full: the bundler replaces them by their values.
const values = {
  NEXT_PUBLIC_SUPABASE_URL: process.env.NEXT_PUBLIC_SUPABASE_URL,
  NEXT_PUBLIC_SUPABASE_ANON_KEY: process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY,
}

/** A public setting; throws with its name if it is absent. */
export function publicEnv(name: keyof typeof values): string {
  const value = values[name]
  if (!value) throw new Error(`${name} is not set: copy .env.example to .env.local`)
  return value
}

/** A setting of the server; throws with its name if it is absent. */
export function serverEnv(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: copy .env.example to .env.local`)
  return value
}
