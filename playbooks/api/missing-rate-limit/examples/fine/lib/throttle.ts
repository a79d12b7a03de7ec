import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

function callerOf(request: Request): string {
  return request.headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? 'unknown'
}

/** A limiter of our own: counters in Postgres, one atomic function. */
export async function withinLimit(bucket: string, limit: number, seconds: number): Promise<boolean> {
  const { data, error } = await createAdminClient().rpc('hit_rate_limit', { bucket, max_hits: limit, window_seconds: seconds })
  if (error) {
    console.error('rate limit', error)
    return false
  }
  return data === true
}

export function withRateLimit(bucket: string, handler: (request: Request) => Promise<Response>) {
  return async (request: Request) => {
    const allowed = await withinLimit(`${bucket}:${callerOf(request)}`, 20, 60)
    if (!allowed) return NextResponse.json({ error: 'Too many requests' }, { status: 429 })
    return handler(request)
  }
}
