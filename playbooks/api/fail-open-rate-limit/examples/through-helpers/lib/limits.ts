import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { createAdminClient } from '@/lib/supabase/admin'

export interface Verdict {
  allowed: boolean
  message?: string
}

let signInLimiter: Ratelimit | null = null

if (process.env.UPSTASH_REDIS_REST_URL && process.env.UPSTASH_REDIS_REST_TOKEN) {
  signInLimiter = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.fixedWindow(5, '1 m') })
}

/** A variable forgotten in one environment turns the limit off without a word. */
export async function checkSignIn(key: string): Promise<Verdict> {
  if (!signInLimiter) {
    return { allowed: true } // expect: api/fail-open-rate-limit
  }
  const { success } = await signInLimiter.limit(key)
  return success ? { allowed: true } : { allowed: false, message: 'Too many attempts' }
}

/** Counters in Postgres: when the database is overloaded, the limit opens. */
export async function checkReset(key: string): Promise<boolean> {
  const { data, error } = await createAdminClient().rpc('hit_rate_limit', { bucket: key, max_hits: 3, window_seconds: 900 })
  if (error) return true // expect: api/fail-open-rate-limit
  return data === true
}

const contactLimiter = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.slidingWindow(3, '10 m') })

export async function checkContact(key: string): Promise<boolean> {
  const { success } = await contactLimiter.limit(key).catch(() => ({ success: true })) // expect: api/fail-open-rate-limit
  return success
}
