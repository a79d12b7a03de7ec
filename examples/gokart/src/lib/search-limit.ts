import 'server-only'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'

function createLimiter(): Ratelimit | null {
  if (!process.env.UPSTASH_REDIS_REST_URL || !process.env.UPSTASH_REDIS_REST_TOKEN) return null
  return new Ratelimit({
    redis: Redis.fromEnv(),
    prefix: 'gokart:search',
    limiter: Ratelimit.slidingWindow(30, '10 s'),
  })
}

const limiter = createLimiter()

/** Keeps one visitor from searching more than three times a second. */
export async function allowSearch(address: string): Promise<boolean> {
  if (!limiter) return true
  try {
    const { success } = await limiter.limit(address)
    return success
  } catch (error) {
    console.warn('search limiter is not available', error)
    return true
  }
}
