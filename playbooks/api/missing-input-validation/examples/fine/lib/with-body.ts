import type { SupabaseClient, User } from '@supabase/supabase-js'
import { NextResponse } from 'next/server'
import type { z } from 'zod'
import { createClient } from '@/lib/supabase/server'

interface Context<T> {
  body: T
  supabase: SupabaseClient
  user: User
}

export function withBody<T>(schema: z.ZodType<T>, handler: (context: Context<T>) => Promise<Response>) {
  return async (request: Request) => {
    const supabase = await createClient()
    const { data } = await supabase.auth.getUser()
    if (!data.user) return NextResponse.json({ error: 'Sign in first' }, { status: 401 })
    const parsed = schema.safeParse(await request.json().catch(() => null))
    if (!parsed.success) return NextResponse.json({ error: 'Invalid body' }, { status: 400 })
    return handler({ body: parsed.data, supabase, user: data.user })
  }
}
