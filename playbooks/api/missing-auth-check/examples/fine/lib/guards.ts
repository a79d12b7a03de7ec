import { auth } from '@clerk/nextjs/server'
import type { SupabaseClient, User } from '@supabase/supabase-js'
import { NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

export class NotSignedIn extends Error {}

/** Throws. */
export async function assertUser(): Promise<User> {
  const supabase = await createClient()
  const { data, error } = await supabase.auth.getUser()
  if (error || !data.user) throw new NotSignedIn('Sign in first')
  return data.user
}

export type SessionResult = { session: { id: string } } | { response: Response }

/** Answers for the caller, who returns the answer. */
export async function sessionOr401(): Promise<SessionResult> {
  const supabase = await createClient()
  const { data } = await supabase.auth.getClaims()
  if (!data?.claims) return { response: NextResponse.json({ error: 'Sign in first' }, { status: 401 }) }
  return { session: { id: data.claims.sub } }
}

interface AuthContext {
  supabase: SupabaseClient
  user: User
}

/** A higher-order function around a handler. */
export function withAuth(handler: (request: Request, context: AuthContext) => Promise<Response>) {
  return async (request: Request) => {
    const supabase = await createClient()
    const { data } = await supabase.auth.getUser()
    if (!data.user) return NextResponse.json({ error: 'Sign in first' }, { status: 401 })
    return handler(request, { supabase, user: data.user })
  }
}

export async function clerkUserId(): Promise<string> {
  const { userId } = await auth()
  if (userId === null) throw new NotSignedIn('Sign in first')
  return userId
}
