import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'

function createLimiter(): Ratelimit {
  if (!process.env.UPSTASH_REDIS_REST_URL) throw new Error('UPSTASH_REDIS_REST_URL is not set')
  return new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.fixedWindow(5, '1 m') })
}

const limiter = createLimiter()

/** Closed on failure. */
export async function strict(key: string): Promise<boolean> {
  try {
    const { success } = await limiter.limit(key)
    return success
  } catch (error) {
    console.error('rate limiter', error)
    return false
  }
}

const recent = new Map<string, number[]>()

function localFallback(key: string): boolean {
  const now = Date.now()
  const hits = (recent.get(key) ?? []).filter(at => now - at < 60_000)
  recent.set(key, [...hits, now])
  return hits.length < 5
}

/** Degraded on failure: each instance counts for itself until Redis is back. */
export async function degrading(key: string): Promise<boolean> {
  try {
    return (await limiter.limit(key)).success
  } catch {
    return localFallback(key)
  }
}

/** Open on a developer's machine only. */
export async function inProduction(key: string): Promise<boolean> {
  if (process.env.NODE_ENV !== 'production') return true
  const { success } = await limiter.limit(key)
  return success
}
