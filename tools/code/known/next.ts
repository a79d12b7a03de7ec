import { handOver, noteSwallowed } from '../eval/invoke.ts'
import type { Machine } from '../eval/machine.ts'
import type { CacheScope, Call, Meta, Value } from '../eval/values.ts'
import { appCode, dom, joinMeta, literal, metaOf, native, obj, STR, UNDEF, UNK } from '../eval/values.ts'
import { definePackage } from './packages.ts'
import { respondAway, responseClass } from './response.ts'

/** APIs that tie a route to the request (facts/04 §4.1: cookies, headers, connection, unstable_noStore; draftMode does not). */
function dynamic(api: string, value: Value): Value {
  // A library that is given the function (`getCookie('theme', { cookies })`) calls it.
  return appCode(api, call => {
    call.rt.emit({ k: 'dynamic', file: call.file, line: call.startLine, api: `${api}()` })
    return value
  })
}

definePackage('next/headers', {
  cookies: dynamic('cookies', dom('cookies', {})),
  headers: dynamic('headers', dom('headers', {})),
  draftMode: native('draftMode', call =>
    obj({
      // What runs only for drafts does not run when pages are prerendered.
      isEnabled: call.rt.union([
        { v: { t: 'bool', v: true }, f: ['draft'] },
        { v: { t: 'bool', v: false }, f: [] },
      ]),
      enable: native('enable', () => UNDEF),
      disable: native('disable', () => UNDEF),
    }),
  ),
})

const never = (name: string) => native(name, call => call.rt.never())

/** The address goes to the caller, and so does what was put into its query string. */
const away = (name: string) =>
  native(name, call => {
    const meta = call.args[0] && metaOf(call.args[0])
    if (meta?.err && !call.rt.isClient()) respondAway(call, meta)
    return call.rt.never()
  })

definePackage('next/navigation', {
  redirect: away('redirect'),
  permanentRedirect: away('permanentRedirect'),
  notFound: never('notFound'),
  forbidden: never('forbidden'),
  unauthorized: never('unauthorized'),
  unstable_rethrow: native('unstable_rethrow', () => UNDEF),
  useRouter: native('useRouter', () => dom('router', {})),
  usePathname: native('usePathname', () => STR),
  useSearchParams: native('useSearchParams', () => UNK),
  useParams: native('useParams', () => UNK),
})

definePackage('next/server', {
  NextResponse: responseClass('NextResponse'),
  NextRequest: native('NextRequest', () => UNK),
  connection: dynamic('connection', UNDEF),
  after: native('after', call => {
    // Runs after the response; request APIs in it do not make the route dynamic (facts/04 §4.3).
    if (call.args[0])
      call.rt.inCache({ kind: 'after', file: call.file, line: call.startLine, keyed: true }, () =>
        handOver(call.rt as Machine, call.args[0] as Value, call),
      )
    return UNDEF
  }),
  unstable_after: native('after', call => {
    if (call.args[0])
      call.rt.inCache({ kind: 'after', file: call.file, line: call.startLine, keyed: true }, () =>
        handOver(call.rt as Machine, call.args[0] as Value, call),
      )
    return UNDEF
  }),
  userAgent: native('userAgent', () => UNK),
})

/** unstable_cache(fn, keyParts, { revalidate }): the function runs once per key for all users. */
function unstableCache(call: Call): Value {
  const [fn, , options] = call.args
  const revalidate = options?.t === 'obj' ? literal(options.p.get('revalidate') ?? UNDEF) : undefined
  const scope: CacheScope = {
    kind: 'unstable_cache',
    file: call.file,
    line: call.startLine,
    keyed: true,
    ...(typeof revalidate === 'number' || revalidate === false ? { revalidate } : {}),
  }
  const parts = call.args[1] ? metaOf(call.args[1], 4) : undefined
  return appCode('cached', inner => {
    const given = inner.args.reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), parts)
    // Arguments and key parts are in the key; what the function closes over is not (facts/04 §4.3).
    const own: CacheScope = { ...scope, keyed: Boolean(given?.auth || given?.session) }
    inner.rt.emit({ k: 'cache', file: own.file, line: own.line, scope: own })
    const result = inner.rt.inCache(own, () =>
      inner.rt.settle(inner.rt.invoke(fn ?? UNDEF, inner.args, inner), {
        file: inner.file,
        line: inner.line,
        rt: inner.rt,
      }),
    )
    noteSwallowed(inner.rt as Machine, own, (inner.rt as Machine).lastSummary)
    return result
  })
}

definePackage('next/cache', {
  unstable_cache: native('unstable_cache', unstableCache),
  unstable_noStore: dynamic('unstable_noStore', UNDEF),
  revalidatePath: native('revalidatePath', () => UNDEF),
  revalidateTag: native('revalidateTag', () => UNDEF),
  updateTag: native('updateTag', () => UNDEF),
  refresh: native('refresh', () => UNDEF),
  cacheTag: native('cacheTag', () => UNDEF),
  unstable_cacheTag: native('cacheTag', () => UNDEF),
  cacheLife: native('cacheLife', cacheLife),
  unstable_cacheLife: native('cacheLife', cacheLife),
})

/** Seconds of `revalidate` in Next's cacheLife presets (facts/04 §4.4). */
const PRESETS: Record<string, number> = {
  default: 900,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86400,
  weeks: 604800,
  max: 2592000,
}

function cacheLife(call: Call): Value {
  const arg = call.args[0]
  const name = arg ? literal(arg) : undefined
  let seconds = typeof name === 'string' ? PRESETS[name] : undefined
  if (arg?.t === 'obj') {
    const r = literal(arg.p.get('revalidate') ?? UNDEF)
    if (typeof r === 'number') seconds = r
  }
  const scope = (call.rt as Machine).cache
  if (scope && seconds !== undefined) scope.revalidate = seconds
  else if (scope && typeof name === 'string') scope.profile = name
  call.rt.emit({
    k: 'props',
    file: call.file,
    line: call.startLine,
    data: { cacheLife: name === 'seconds' ? 'seconds' : seconds },
  })
  return UNDEF
}

/** next/dynamic and React.lazy: the component is what the loader imports. */
export function lazyComponent(call: Call): Value {
  const loader = call.args[0]
  if (!loader) return UNK
  const loaded = call.rt.invoke(loader, [], call)
  const ssr = call.args[1]?.t === 'obj' ? literal(call.args[1].p.get('ssr') ?? UNDEF) : undefined
  const component =
    loaded.t === 'ns'
      ? call.rt.get(loaded, 'default', call)
      : loaded.t === 'obj'
        ? (loaded.p.get('default') ?? UNK)
        : loaded
  void ssr
  return component
}

definePackage('next/dynamic', { default: native('dynamic', lazyComponent) })
definePackage('next/link', { default: native('Link', () => dom('element', null)) })
definePackage('next/image', { default: native('Image', () => dom('element', null)) })
definePackage('next/script', { default: native('Script', () => dom('element', null)) })
