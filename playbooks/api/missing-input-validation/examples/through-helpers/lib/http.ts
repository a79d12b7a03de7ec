import type { SupabaseClient, User } from '@supabase/supabase-js'
import { NextResponse } from 'next/server'
import { createClient } from '@/lib/supabase/server'

export interface Session {
  supabase: SupabaseClient
  user: User
}

/** Signs the caller in and nothing else: the body stays as it came. */
export function withUser(handler: (request: Request, session: Session) => Promise<Response>) {
  return async (request: Request) => {
    const supabase = await createClient()
    const { data } = await supabase.auth.getUser()
    if (!data.user) return NextResponse.json({ error: 'Sign in first' }, { status: 401 })
    return handler(request, { supabase, user: data.user })
  }
}

export function hasFields(body: Record<string, unknown>, names: string[]): boolean {
  return names.every(name => body[name] !== undefined && body[name] !== '')
}
