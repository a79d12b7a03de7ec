import { type Machine, makeUnion } from '../eval/machine.ts'
import type { Call, Value } from '../eval/values.ts'
import { dom, literal, NUM, native, obj, UNK } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'
import { fetchesUncached } from './rest.ts'

/** Rate limiters: asking one proves nothing until its answer is looked at. */
function limited(call: Call, what: string, allowed: (ok: boolean) => Value): Value {
  call.rt.emit({ k: 'limit', file: call.file, line: call.startLine, what })
  call.rt.fact('limiter-asked')
  return makeUnion(call.rt as Machine, [
    { v: allowed(false), f: [] },
    { v: allowed(true), f: ['limited'] },
  ])
}

const result = (ok: boolean): Value =>
  obj({
    success: { t: 'bool', v: ok },
    limit: NUM,
    remaining: NUM,
    reset: NUM,
    pending: UNK,
    reason: UNK,
    rateLimited: { t: 'bool', v: !ok },
  })

const upstash = native('Ratelimit', () => dom('upstash-limiter', {}), {
  slidingWindow: native('slidingWindow', () => UNK),
  fixedWindow: native('fixedWindow', () => UNK),
  tokenBucket: native('tokenBucket', () => UNK),
  cachedFixedWindow: native('cachedFixedWindow', () => UNK),
})
definePackage('@upstash/ratelimit', { Ratelimit: upstash, default: upstash })
defineDomain('upstash-limiter', {
  method(_v, name, _args, call) {
    if (name === 'limit' || name === 'blockUntilReady') {
      fetchesUncached(call, '@upstash/redis')
      return limited(call, '@upstash/ratelimit', result)
    }
    return UNK
  },
})
definePackage('@vercel/firewall', {
  checkRateLimit: native('checkRateLimit', call => limited(call, '@vercel/firewall', result)),
  unstable_checkRateLimit: native('checkRateLimit', call => limited(call, '@vercel/firewall', result)),
})
definePackage('@unkey/ratelimit', { Ratelimit: native('Ratelimit', () => dom('upstash-limiter', {})) })

/** rate-limiter-flexible: `consume` throws when the limit is reached. */
const flexible = native('RateLimiter', () => dom('flexible-limiter', {}))
definePackage('rate-limiter-flexible', {
  RateLimiterMemory: flexible,
  RateLimiterRedis: flexible,
  RateLimiterPostgres: flexible,
  RateLimiterUnion: flexible,
})
defineDomain('flexible-limiter', {
  method(_v, name, _args, call) {
    if (name !== 'consume') return UNK
    call.rt.emit({ k: 'limit', file: call.file, line: call.startLine, what: 'rate-limiter-flexible' })
    call.rt.throws(UNK)
    call.rt.fact('limited', 'limiter-asked')
    return UNK
  },
})
definePackage('limiter', { RateLimiter: native('RateLimiter', () => dom('token-limiter', {})) })
defineDomain('token-limiter', {
  method: (_v, name, _args, call) =>
    name === 'tryRemoveTokens'
      ? makeUnion(call.rt as Machine, [
          { v: { t: 'bool', v: true }, f: ['limited'] },
          { v: { t: 'bool', v: false }, f: [] },
        ])
      : UNK,
})

/** Arcjet: `decision.isDenied()`. */
definePackage('@arcjet/next', {
  default: native('arcjet', () => dom('arcjet', {})),
  slidingWindow: native('slidingWindow', () => UNK),
  fixedWindow: native('fixedWindow', () => UNK),
  tokenBucket: native('tokenBucket', () => UNK),
  shield: native('shield', () => UNK),
  detectBot: native('detectBot', () => UNK),
  request: native('request', () => UNK),
})
defineDomain('arcjet', {
  method(v, name, _args, call) {
    if (name === 'withRule') return v
    if (name !== 'protect') return UNK
    call.rt.emit({ k: 'limit', file: call.file, line: call.startLine, what: '@arcjet/next' })
    call.rt.fact('limiter-asked')
    const decision = (denied: boolean): Value =>
      obj({
        isDenied: native('isDenied', () => ({ t: 'bool', v: denied })),
        isAllowed: native('isAllowed', () => ({ t: 'bool', v: !denied })),
        reason: UNK,
        conclusion: { t: 'str', v: denied ? 'DENY' : 'ALLOW' },
      })
    return makeUnion(call.rt as Machine, [
      { v: decision(true), f: [] },
      { v: decision(false), f: ['limited'] },
    ])
  },
})

/** Bot checks stand in front of anonymous forms. */
definePackage('botid/server', {
  checkBotId: native('checkBotId', call => limited(call, 'botid', ok => obj({ isBot: { t: 'bool', v: !ok } }))),
})

/** Counters in Redis or KV: what home-made limiters are built on. */
const redis = dom('redis', {})
const redisClass = native('Redis', () => redis, { fromEnv: native('fromEnv', () => redis) })
const upstashRedis = native('Redis', restRedis, { fromEnv: native('fromEnv', restRedis) })
definePackage('@upstash/redis', { Redis: upstashRedis, default: upstashRedis })
definePackage('ioredis', { default: redisClass, Redis: redisClass })
definePackage('redis', { createClient: native('createClient', () => redis) })
definePackage('@vercel/kv', { kv: redis, default: redis, createClient: native('createClient', () => redis) })
/** Upstash's client is HTTP: it fetches with no-store unless it is told otherwise (its nodejs.ts; @vercel/kv says "default"). */
function restRedis(call: Call): Value {
  const cache = call.args[0]?.t === 'obj' ? call.args[0].p.get('cache') : undefined
  return cache && literal(cache) !== 'no-store' ? redis : dom('redis', { rest: true })
}

defineDomain('redis', {
  method(v, name, args, call) {
    if ((v.s as { rest?: true }).rest && name !== 'pipeline' && name !== 'multi')
      fetchesUncached(call, '@upstash/redis')
    if (name === 'incr' || name === 'incrby' || name === 'zcard' || name === 'eval')
      return { t: 'num', m: { rows: [] } }
    if (name === 'pipeline' || name === 'multi') return v
    if (name === 'exec') return { t: 'arr', e: NUM }
    for (const a of args) if (a.t === 'fn') call.rt.invoke(a, [], call)
    return UNK
  },
})
