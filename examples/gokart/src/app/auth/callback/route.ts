import { NextResponse } from 'next/server'
import { z } from 'zod'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'
import { createClient } from '@/lib/supabase/server'

const querySchema = z.object({ code: z.string().min(1).max(512) })

export async function GET(request: Request) {
  const url = new URL(request.url)
  const failed = NextResponse.redirect(new URL('/login?failed=1', url.origin))

  const query = querySchema.safeParse(Object.fromEntries(url.searchParams))
  if (!query.success) return failed
  if (!(await allowRequest('auth', await clientAddress()))) return failed

  const supabase = await createClient()
  const { error } = await supabase.auth.exchangeCodeForSession(query.data.code)
  if (error) {
    logError('auth-callback', error)
    return failed
  }
  return NextResponse.redirect(new URL('/dashboard', url.origin))
}
