import semver from 'semver'
import type { ReachedEffect, Rendering, RenderingReason, SegmentConfig } from './model.ts'

export interface RenderingInput {
  next: string | null
  cacheComponents: boolean
  kind: 'page' | 'handler'
  metadata: boolean
  methods: readonly string[]
  config: readonly SegmentConfig[]
  dynamicSegments: readonly string[]
  staticParams: boolean
  /** generateStaticParams returns an empty literal: nothing is prerendered that could show to be dynamic. */
  noPaths: boolean
  imageMetadata: boolean
  effects: readonly ReachedEffect[]
  file: string
  line: number
  clientPage: boolean
}

/**
 * Rendering mode of a route as `next build` would print it. The algorithm and every version switch are those measured in
 * facts/04 §4.1–4.5 and facts/next_build_matrix.json; the fixtures under fixtures/matrix hold them.
 */
export function renderingOf(input: RenderingInput): Rendering {
  if (input.kind === 'handler' && input.methods.length > 0 && !input.methods.includes('GET')) {
    return dynamic([reason(input, 'answers only to methods other than GET', 'handler-default')])
  }
  return input.cacheComponents ? withCacheComponents(input) : classic(input)
}

function major(input: RenderingInput): number {
  return input.next ? (semver.coerce(input.next)?.major ?? 15) : 15
}

function classic(input: RenderingInput): Rendering {
  const { config } = input
  const forced = config.find(c => c.name === 'dynamic' && c.value === 'force-dynamic')
  if (forced) return dynamic([from(forced, "dynamic = 'force-dynamic'")])
  const zero = config.find(c => c.name === 'revalidate' && c.value === 0)
  if (zero) return dynamic([from(zero, 'revalidate = 0')])
  // The innermost option counts.
  const runtime = config.findLast(c => c.name === 'runtime')
  if (runtime?.value === 'edge' || runtime?.value === 'experimental-edge')
    return dynamic([from(runtime, "runtime = 'edge'")])
  const listed = input.staticParams && (input.dynamicSegments.length > 0 || input.metadata)
  // Measured: fixtures/workspace (segments, conventions). HEAD is as static as GET.
  if (input.kind === 'handler' && !input.metadata && input.methods.some(x => x !== 'GET' && x !== 'HEAD')) {
    const reasons = [reason(input, 'exports methods other than GET', 'handler-default')]
    return listed && major(input) < 16 ? prerendered({ seconds: null }, reasons) : dynamic(reasons)
  }
  if (input.imageMetadata && major(input) < 16)
    return dynamic([reason(input, 'generateImageMetadata before Next 16', 'handler-default')])
  const lifetime = lifetimeOf(input)
  const chosen = config.findLast(c => c.name === 'dynamic')
  if (chosen?.value === 'force-static' || chosen?.value === 'error')
    return prerendered(lifetime, [from(chosen, `dynamic = '${chosen.value}'`)])
  const requests = requestReasons(input)
  if (input.dynamicSegments.length > 0 && !input.staticParams) {
    return dynamic([
      reason(
        input,
        `dynamic segment [${input.dynamicSegments.join('], [')}] without generateStaticParams`,
        'no-static-params',
      ),
      ...requests,
    ])
  }
  if (input.kind === 'handler' && !input.metadata) {
    const asked = config.some(c => c.name === 'revalidate' && (typeof c.value === 'number' || c.value === false))
    // From 15 on a GET handler is dynamic unless it asks otherwise; before, it is static unless it reads the request.
    if (major(input) >= 15 && !asked && !listed)
      return dynamic([reason(input, 'GET handlers are dynamic by default from Next 15 on', 'handler-default')])
  }
  if (requests.length > 0) {
    // Before 16 a listed dynamic segment prints as prerendered although every request renders it (facts/13 #4); from 16 on
    // only when there was no path to try.
    if (listed && (major(input) < 16 || input.noPaths)) return prerendered({ seconds: null }, requests)
    return dynamic(requests)
  }
  return prerendered(lifetime, lifetime.reasons)
}

function withCacheComponents(input: RenderingInput): Rendering {
  const requests = requestReasons(input)
  const uncached = input.effects.filter(
    e => isServer(e) && (!e.cache || e.cache.kind === 'react-cache') && readsData(e),
  )
  const parameters = input.dynamicSegments.length > 0 && !input.clientPage
  const lifetime = lifetimeOf(input)
  const reasons = [...requests, ...uncached.slice(0, 3).map(e => at(e, 'reads data outside a cache', 'data'))]
  if (input.kind === 'handler' && !input.metadata) {
    if (reasons.length === 0 && input.dynamicSegments.length === 0) return prerendered(lifetime, lifetime.reasons)
    return dynamic(reasons.length ? reasons : [reason(input, 'dynamic segment', 'no-static-params')])
  }
  const seconds = input.effects.some(
    e => e.effect.k === 'props' && (e.effect.data as { cacheLife?: unknown }).cacheLife === 'seconds',
  )
  if (reasons.length || parameters || seconds || (input.dynamicSegments.length > 0 && !input.staticParams)) {
    return {
      mode: 'partial',
      revalidateSeconds: lifetime.seconds,
      reasons: reasons.length ? reasons : [reason(input, 'parts of the page wait for the request', 'request-api')],
    }
  }
  return prerendered(lifetime, lifetime.reasons)
}

function isServer(e: ReachedEffect): boolean {
  return !e.client
}

function readsData(e: ReachedEffect): boolean {
  const x = e.effect
  if (x.k === 'access') return true
  return x.k === 'external'
}

/** Reads of the request outside shared caches: what makes a route dynamic. */
function requestReasons(input: RenderingInput): RenderingReason[] {
  const out: RenderingReason[] = []
  const noStoreAll = input.config.find(
    c => c.name === 'fetchCache' && (c.value === 'force-no-store' || c.value === 'only-no-store'),
  )
  // From 15 on an explicit no-store wins over force-cache.
  const cacheAll =
    major(input) < 15 &&
    input.config.some(c => c.name === 'fetchCache' && (c.value === 'force-cache' || c.value === 'only-cache'))
  const noStoreDefault = input.config.find(c => c.name === 'fetchCache' && c.value === 'default-no-store')
  for (const e of input.effects) {
    const x = e.effect
    // Nothing is rendered in draft mode at build time.
    if (e.facts.has('draft')) continue
    // Before 15 an uncached fetch inside unstable_cache still made the route dynamic.
    const leaks =
      x.k === 'fetch-cache' && x.noStore && !x.zero && e.cache?.kind === 'unstable_cache' && major(input) < 15
    if (e.cache && e.cache.kind !== 'use-cache-private' && e.cache.kind !== 'react-cache' && !leaks) continue
    if (x.k === 'dynamic') {
      const isSearch = x.api === 'searchParams'
      if (e.client && !isSearch) continue
      if (x.api.startsWith('request.') && input.kind !== 'handler') continue
      out.push(at(e, `${x.api} is read`, isSearch ? 'search-params' : 'request-api'))
    } else if (x.k === 'fetch-cache' && !e.client && !input.cacheComponents) {
      if (noStoreDefault && !x.noStore && x.revalidate === undefined)
        out.push(at(e, "fetchCache = 'default-no-store'", 'no-store'))
      if (x.noStore && !cacheAll) out.push(at(e, 'fetch that is not cached (no-store or revalidate 0)', 'no-store'))
      else if (noStoreAll) out.push({ ...at(e, `fetchCache = '${String(noStoreAll.value)}'`, 'no-store') })
    }
  }
  if (noStoreAll && out.length === 0 && input.effects.some(e => e.effect.k === 'access' && !e.client))
    out.push(from(noStoreAll, `fetchCache = '${String(noStoreAll.value)}'`))
  return unique(out)
}

function lifetimeOf(input: RenderingInput): { seconds: number | null; reasons: RenderingReason[] } {
  const candidates: { seconds: number; reason: RenderingReason }[] = []
  for (const c of input.config)
    if (c.name === 'revalidate' && typeof c.value === 'number' && c.value > 0)
      candidates.push({ seconds: c.value, reason: from(c, `revalidate = ${c.value}`) })
  for (const e of input.effects) {
    if (e.client) continue
    const x = e.effect
    if (
      x.k === 'fetch-cache' &&
      typeof x.revalidate === 'number' &&
      x.revalidate > 0 &&
      !(e.cache?.kind === 'unstable_cache')
    )
      candidates.push({
        seconds: x.revalidate,
        reason: at(e, `fetch with revalidate ${x.revalidate}`, 'cache-lifetime'),
      })
    if (x.k === 'cache') {
      const scope = x.scope
      if (scope.kind === 'unstable_cache' && typeof scope.revalidate === 'number')
        candidates.push({
          seconds: scope.revalidate,
          reason: at(e, `unstable_cache with revalidate ${scope.revalidate}`, 'cache-lifetime'),
        })
      // cacheLife's default profile revalidates after 15 minutes (facts/04 §4.4).
      // The 'seconds' profile is too short to prerender: it leaves a hole for the request.
      if (scope.kind === 'use-cache' && scope.revalidate === 1) continue
      if (scope.kind === 'use-cache' && input.cacheComponents)
        candidates.push({
          seconds: typeof scope.revalidate === 'number' ? scope.revalidate : 900,
          reason: at(e, "'use cache'", 'cache-lifetime'),
        })
    }
  }
  if (candidates.length === 0) return { seconds: null, reasons: [] }
  const best = candidates.reduce((a, b) => (b.seconds < a.seconds ? b : a))
  return { seconds: best.seconds, reasons: [best.reason] }
}

function prerendered(lifetime: { seconds: number | null }, reasons: RenderingReason[]): Rendering {
  return { mode: lifetime.seconds === null ? 'static' : 'isr', revalidateSeconds: lifetime.seconds, reasons }
}

function dynamic(reasons: RenderingReason[]): Rendering {
  return { mode: 'dynamic', revalidateSeconds: null, reasons: unique(reasons) }
}

function at(e: ReachedEffect, text: string, cause: RenderingReason['cause']): RenderingReason {
  return { text, file: e.effect.file, line: e.effect.line, cause }
}

function from(c: SegmentConfig, text: string): RenderingReason {
  return { text, file: c.file, line: c.line, cause: 'segment-config' }
}

function reason(input: RenderingInput, text: string, cause: RenderingReason['cause']): RenderingReason {
  return { text, file: input.file, line: input.line, cause }
}

function unique(list: RenderingReason[]): RenderingReason[] {
  const seen = new Set<string>()
  return list.filter(r => {
    const key = `${r.text}|${r.file}|${r.line}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
