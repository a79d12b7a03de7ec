import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { headers } from 'next/headers'

const limiter = new Ratelimit({ redis: Redis.fromEnv(), limiter: Ratelimit.slidingWindow(5, '1 m') })

export async function isAllowed(scope: string): Promise<boolean> {
  const ip = (await headers()).get('x-forwarded-for') ?? 'unknown'
  const { success } = await limiter.limit(`${scope}:${ip}`)
  return success
}
