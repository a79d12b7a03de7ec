import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'

const limiter = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.fixedWindow(10, '1 m') })

export async function withinLimit(key: string): Promise<boolean> {
  try {
    const { success } = await limiter.limit(key)
    return success
  } catch (error) {
    console.error('rate limiter', error)
    return true // expect: api/fail-open-rate-limit
  }
}
