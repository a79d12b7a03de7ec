import semver from 'semver'
import type { CacheScope, ReachedEffect, Rendering, RenderingReason, SegmentConfig } from './model.ts'

export interface RenderingInput {
  next: string | null
  cacheComponents: boolean
  /** The app is built to files (`output: 'export'`). */
  exported: boolean
  /** Partial prerendering without cacheComponents (canaries before 16). */
  ppr: boolean | 'incremental'
  /** 'use cache' is allowed: it comes with cacheComponents, or alone. */
  cachedFunctions: boolean
  /** Seconds of the app's own cacheLife profiles. */
  cacheProfiles: Readonly<Record<string, number>>
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
  if (input.exported) return exported(input)
  return input.cacheComponents ? withCacheComponents(input) : classic(input)
}

/** `output: 'export'` builds files: what cannot be one fails the build. */
function exported(input: RenderingInput): Rendering {
  return prerendered({ seconds: null }, [reason(input, "output = 'export'", 'segment-config')])
}

function major(input: RenderingInput): number {
  return input.next ? (semver.coerce(input.next)?.major ?? 15) : 15
}

function classic(input: RenderingInput): Rendering {
  const { config } = input
  const forced = config.find(c => c.name === 'dynamic' && c.value === 'force-dynamic')
  if (forced) return dynamic([from(forced, "dynamic = 'force-dynamic'")])
  const partial = input.kind === 'page' && isPartial(input)
  const zero = !partial && config.find(c => c.name === 'revalidate' && c.value === 0)
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
  if (partial && (requests.length > 0 || input.dynamicSegments.length > 0)) {
    const reasons = requests.length > 0 ? requests : [openSegments(input)]
    return { mode: 'partial', revalidateSeconds: lifetime.seconds, reasons }
  }
  if (input.dynamicSegments.length > 0 && !input.staticParams) {
    return dynamic([openSegments(input), ...requests])
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

/** `experimental.ppr`, for all routes or for segments that ask for it. */
function isPartial(input: RenderingInput): boolean {
  if (input.ppr !== 'incremental') return input.ppr
  return input.config.findLast(c => c.name === 'experimental_ppr')?.value === true
}

/** Measured: fixtures/cache-components. */
function withCacheComponents(input: RenderingInput): Rendering {
  const lifetime = lifetimeOf(input)
  const reasons = [...requestReasons(input), ...uncachedReads(input)]
  const open = input.dynamicSegments.length > 0 && !input.staticParams
  if (input.kind === 'handler') {
    if (input.methods.some(x => x !== 'GET' && x !== 'HEAD'))
      return dynamic([reason(input, 'exports methods other than GET', 'handler-default')])
    reasons.push(...moments(input))
    if (reasons.length > 0) return dynamic(reasons)
    if (open) return dynamic([openSegments(input)])
    return prerendered(lifetime, lifetime.reasons)
  }
  const seconds = input.effects.some(
    e => e.effect.k === 'props' && (e.effect.data as { cacheLife?: unknown }).cacheLife === 'seconds',
  )
  // Pages with dynamic segments have a shell for the paths that are not listed.
  if (reasons.length > 0 || input.dynamicSegments.length > 0 || seconds) {
    return {
      mode: 'partial',
      revalidateSeconds: open ? null : lifetime.seconds,
      reasons: reasons.length ? reasons : [reason(input, 'parts of the page wait for the request', 'request-api')],
    }
  }
  return prerendered(lifetime, lifetime.reasons)
}

/** Reads of data that nothing caches; a fetch with a lifetime of its own is cached. */
function uncachedReads(input: RenderingInput): RenderingReason[] {
  const kept = new Set<string>()
  for (const { effect: x } of input.effects)
    if (x.k === 'fetch-cache' && !x.noStore && x.revalidate !== undefined) kept.add(`${x.file}:${x.line}`)
  return unique(
    input.effects
      .filter(e => isServer(e) && (!e.cache || e.cache.kind === 'react-cache') && readsData(e))
      .filter(e => !kept.has(`${e.effect.file}:${e.effect.line}`))
      .map(e => at(e, e.effect.k === 'props' ? 'reads a file outside a cache' : 'reads data outside a cache', 'data')),
  ).slice(0, 3)
}

function moments(input: RenderingInput): RenderingReason[] {
  return unique(
    input.effects.flatMap(e => {
      if (e.effect.k !== 'props' || e.cache || typeof e.effect.data.moment !== 'string') return []
      return [at(e, `${e.effect.data.moment} is read`, 'data')]
    }),
  )
}

function isServer(e: ReachedEffect): boolean {
  return !e.client
}

function readsData(e: ReachedEffect): boolean {
  const x = e.effect
  if (x.k === 'access' || (x.k === 'fetch-cache' && x.noStore)) return true
  return x.k === 'external' || (x.k === 'props' && x.data.waitsFor !== undefined)
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
      // With cacheComponents a client page leaves reading them to the browser.
      if (e.client && input.cacheComponents && input.clientPage) continue
      if (x.api.startsWith('request.') && input.kind !== 'handler') continue
      out.push(at(e, readingOf(x.api), isSearch ? 'search-params' : 'request-api'))
    } else if (x.k === 'fetch-cache' && !e.client && !input.cacheComponents) {
      if (noStoreDefault && !x.noStore && x.revalidate === undefined)
        out.push(at(e, "fetchCache = 'default-no-store'", 'no-store'))
      if (x.noStore && !cacheAll)
        out.push(
          at(
            e,
            x.by ? `${x.by} fetches with no-store` : 'fetch that is not cached (no-store or revalidate 0)',
            'no-store',
          ),
        )
      else if (noStoreAll) out.push({ ...at(e, `fetchCache = '${String(noStoreAll.value)}'`, 'no-store') })
    }
  }
  if (noStoreAll && out.length === 0 && input.effects.some(e => e.effect.k === 'access' && !e.client))
    out.push(from(noStoreAll, `fetchCache = '${String(noStoreAll.value)}'`))
  return unique(out)
}

/** "cookies() is read", "<SignedIn> reads the request": what the report says. */
function readingOf(api: string): string {
  if (/^(cookies|headers|draftMode)\(|^searchParams$|^request\./.test(api)) return `${api} is read`
  if (/^(connection|unstable_noStore)\(/.test(api)) return `${api} is called`
  return api.startsWith('next-intl ') ? `${api} asks for the request's locale` : `${api} reads the request`
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
      const { scope } = x
      if (scope.kind === 'unstable_cache' && typeof scope.revalidate === 'number')
        candidates.push({
          seconds: scope.revalidate,
          reason: at(e, `unstable_cache with revalidate ${scope.revalidate}`, 'cache-lifetime'),
        })
      const seconds = scope.kind === 'use-cache' && input.cachedFunctions ? cacheSeconds(scope, input) : undefined
      if (seconds !== undefined) candidates.push({ seconds, reason: at(e, "'use cache'", 'cache-lifetime') })
    }
  }
  if (candidates.length === 0) return { seconds: null, reasons: [] }
  const best = candidates.reduce((a, b) => (b.seconds < a.seconds ? b : a))
  return { seconds: best.seconds, reasons: [best.reason] }
}

/**
 * Seconds that a cached function gives to what is prerendered around it. The default profile revalidates after 15 minutes
 * (facts/04 §4.4); 'seconds' is too short to prerender and leaves a hole for the request. A function that says how long it
 * lives says it for those that it calls.
 */
function cacheSeconds(scope: CacheScope, input: RenderingInput): number | undefined {
  for (let outer = scope.within; outer; outer = outer.within)
    if (ownSeconds(outer, input) !== undefined) return undefined
  const seconds = ownSeconds(scope, input) ?? input.cacheProfiles.default ?? 900
  return seconds === 1 && input.cacheComponents ? undefined : seconds
}

function ownSeconds(scope: CacheScope, input: RenderingInput): number | undefined {
  if (typeof scope.revalidate === 'number') return scope.revalidate
  return scope.profile === undefined ? undefined : input.cacheProfiles[scope.profile]
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

function openSegments(input: RenderingInput): RenderingReason {
  const names = input.dynamicSegments.map(s => `[${s}]`).join(', ')
  return reason(input, `dynamic segment ${names} without generateStaticParams`, 'no-static-params')
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
