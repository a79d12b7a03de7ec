import { callUnknown } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import { appCode, type Call, dom, native, type Value } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/**
 * Libraries that call their service with fetch and `no-store` of their own: where a page waits for them it is dynamic (facts/13
 * #9). Measured with `next build`; those that leave the option open (Neon, libSQL, Sanity, @vercel/kv) change nothing.
 */
export function fetchesUncached(call: Call, by: string): void {
  if (call.rt.isClient()) return
  call.rt.emit({ k: 'fetch-cache', file: call.file, line: call.startLine, noStore: true, revalidate: undefined, by })
}

function uncached(by: string): Value {
  return native(by, call => {
    fetchesUncached(call, by)
    return callUnknown(call.rt as Machine, call.args, call)
  })
}

defineDomain('uncached-client', {
  get: v => v,
  method(v, _name, args, call) {
    fetchesUncached(call, String(v.s))
    return callUnknown(call.rt as Machine, args, call)
  },
})

const edgeConfig = dom('uncached-client', '@vercel/edge-config')
definePackage('@vercel/edge-config', {
  get: uncached('@vercel/edge-config'),
  getAll: uncached('@vercel/edge-config'),
  has: uncached('@vercel/edge-config'),
  digest: uncached('@vercel/edge-config'),
  createClient: native('createClient', () => edgeConfig),
})

const planetscale = native('connect', () => dom('uncached-client', '@planetscale/database'))
definePackage('@planetscale/database', { connect: planetscale, Client: planetscale })

definePackage('convex/nextjs', {
  fetchQuery: uncached('convex'),
  preloadQuery: uncached('convex'),
  fetchMutation: uncached('convex'),
  fetchAction: uncached('convex'),
})

/** Feature flags: every evaluation reads headers and cookies for overrides, then asks `decide`. */
const flag = native('flag', call => {
  const options = call.args[0]
  const decide = options?.t === 'obj' ? options.p.get('decide') : undefined
  return appCode('flag', inner => {
    inner.rt.emit({ k: 'dynamic', file: inner.file, line: inner.startLine, api: 'flag()' })
    return decide ? inner.rt.invoke(decide, [], inner) : callUnknown(inner.rt as Machine, [], inner)
  })
})
for (const pkg of ['flags/next', '@vercel/flags/next']) definePackage(pkg, { flag })
