import 'server-only'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { headers } from 'next/headers'
import { logError } from '@/lib/log'
import { countLocally } from '@/lib/rate-limit-local'

const LIMITS = {
  auth: { requests: 10, seconds: 600 },
  write: { requests: 30, seconds: 60 },
  like: { requests: 60, seconds: 60 },
  read: { requests: 120, seconds: 60 },
  report: { requests: 20, seconds: 60 },
} as const

export type LimitName = keyof typeof LIMITS

const url = process.env.UPSTASH_REDIS_REST_URL
const token = process.env.UPSTASH_REDIS_REST_TOKEN
const redis = url && token ? new Redis({ url, token }) : null
const limiters = new Map<LimitName, Ratelimit>()

function limiterFor(name: LimitName, store: Redis): Ratelimit {
  const known = limiters.get(name)
  if (known) return known
  const { requests, seconds } = LIMITS[name]
  const limiter = new Ratelimit({
    redis: store,
    prefix: `gokart:${name}`,
    limiter: Ratelimit.slidingWindow(requests, `${seconds} s`),
    timeout: 1000,
  })
  limiters.set(name, limiter)
  return limiter
}

/** Whether `key` may do this once more. A store that fails or is slow means no; without a store each instance counts. */
export async function allowRequest(name: LimitName, key: string): Promise<boolean> {
  if (!redis) return countLocally(`${name}:${key}`, LIMITS[name])
  try {
    const result = await limiterFor(name, redis).limit(key)
    if (result.reason === 'timeout') return false
    return result.success
  } catch (error) {
    logError('rate-limit', error)
    return false
  }
}

/** The caller's address, as the platform's proxy wrote it. */
export async function clientAddress(): Promise<string> {
  const list = await headers()
  return list.get('x-real-ip') ?? list.get('x-forwarded-for')?.split(',')[0]?.trim() ?? 'unknown'
}
