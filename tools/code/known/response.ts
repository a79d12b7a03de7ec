import {
  type Call,
  type DomValue,
  dom,
  joinMeta,
  literal,
  type Meta,
  metaOf,
  native,
  obj,
  strOf,
  UNDEF,
  UNK,
  unk,
  type Value,
} from '../eval/values.ts'
import { defineDomain } from './domains.ts'

export interface ResponseState {
  status: number | undefined
  cacheControl: string | undefined
  headers: Map<string, string>
  kind: 'json' | 'body' | 'redirect' | 'next' | 'external'
  /** What the body carries. */
  meta?: Meta | undefined
}

function readInit(init: Value | undefined): { status: number | undefined; cacheControl: string | undefined } {
  const out: { status: number | undefined; cacheControl: string | undefined } = {
    status: undefined,
    cacheControl: undefined,
  }
  if (init?.t !== 'obj') return out
  const status = literal(init.p.get('status') ?? UNDEF)
  if (typeof status === 'number') out.status = status
  const headers = init.p.get('headers')
  if (headers?.t === 'obj')
    for (const [k, v] of headers.p) {
      const text = v.t === 'str' ? v.v : undefined
      if (/^(cdn-|vercel-cdn-)?cache-control$/i.test(k) && text !== undefined)
        out.cacheControl = out.cacheControl ? `${out.cacheControl}, ${text}` : text
    }
  return out
}

/** A response to the caller: what its body carries is what leaves the server. */
export function respond(
  call: Call,
  body: Value | undefined,
  init: Value | undefined,
  kind: ResponseState['kind'],
): Value {
  const { status, cacheControl } = readInit(init)
  const meta: Meta | undefined = body ? metaOf(body, 6) : undefined
  call.rt.emit({
    k: 'respond',
    file: call.file,
    line: call.startLine,
    endLine: call.endLine,
    meta,
    status,
    cacheControl,
  })
  return dom('response', { status, cacheControl, headers: new Map(), kind, meta } satisfies ResponseState, meta)
}

/** A redirect whose address carries something. */
export function respondAway(call: Call, meta: Meta): void {
  const { file, startLine: line, endLine } = call
  call.rt.emit({ k: 'respond', file, line, endLine, meta, status: 307, cacheControl: undefined, away: true })
}

export function responseClass(name: string): Value {
  return native(name, call => respond(call, call.args[0], call.args[1], 'body'), {
    json: native('json', call => respond(call, call.args[0], call.args[1], 'json')),
    redirect: native('redirect', call => {
      const meta = call.args[0] && metaOf(call.args[0])
      if (meta?.err) respondAway(call, meta)
      return dom('response', { status: 307, cacheControl: undefined, headers: new Map(), kind: 'redirect' })
    }),
    rewrite: native('rewrite', () =>
      dom('response', { status: 200, cacheControl: undefined, headers: new Map(), kind: 'next' }),
    ),
    next: native('next', () =>
      dom('response', { status: 200, cacheControl: undefined, headers: new Map(), kind: 'next' }),
    ),
    error: native('error', () =>
      dom('response', { status: 500, cacheControl: undefined, headers: new Map(), kind: 'body' }),
    ),
  })
}

defineDomain('response', {
  get(v, p) {
    const s = v.s as ResponseState
    if (p === 'headers') return dom('response-headers', s)
    if (p === 'cookies') return dom('response-cookies', s)
    if (p === 'status') return s.status === undefined ? { t: 'num' } : { t: 'num', v: s.status }
    if (p === 'ok') return { t: 'bool' }
    // A response has none of the fields that result objects carry: `if (result.error)` tells the two apart.
    if (p === 'error' || p === 'user' || p === 'session' || p === 'success') return UNDEF
    return undefined
  },
  method: () => UNK,
})
defineDomain('response-headers', {
  method(v, name, args, call) {
    const key = args[0] ? literal(args[0]) : undefined
    const value = args[1]?.t === 'str' ? args[1].v : undefined
    if ((name === 'set' || name === 'append') && typeof key === 'string' && /cache-control$/i.test(key) && value) {
      const s = v.s as ResponseState
      s.cacheControl = value
      call.rt.emit({
        k: 'respond',
        file: call.file,
        line: call.line,
        endLine: call.endLine,
        meta: s.meta,
        status: s.status,
        cacheControl: value,
      })
    }
    return UNDEF
  },
})
defineDomain('response-cookies', { method: () => UNDEF })

/** The incoming request of a handler or of the proxy. `next14` matters: reading it makes a GET handler dynamic there. */
export function requestValue(ref: string): Value {
  return dom('request', { ref })
}

defineDomain('request', {
  get(v, p, rt) {
    const dynamic = () => rt.emit({ k: 'dynamic', file: '', line: 0, api: `request.${p}` })
    void v
    switch (p) {
      case 'nextUrl':
        dynamic()
        return dom('url', { request: true }, { inp: [{ ref: 'query' }] })
      case 'url':
        dynamic()
        return { t: 'str', m: { inp: [{ ref: 'query' }] } }
      case 'headers':
        dynamic()
        return dom('headers', {})
      case 'cookies':
        dynamic()
        return dom('cookies', {})
      case 'body':
        return { t: 'in', ref: 'body' }
      case 'geo':
      case 'ip':
        return unk({ inp: [{ ref: 'header.x-forwarded-for' }] })
      case 'method':
        return { t: 'str' }
      case 'signal':
        return dom('signal', { timeout: false })
    }
    return undefined
  },
  method(v, name) {
    if (name === 'json' || name === 'text' || name === 'arrayBuffer' || name === 'blob' || name === 'bytes')
      return { t: 'in', ref: 'body' }
    if (name === 'formData') return dom('form-data', { ref: 'form' }, { inp: [{ ref: 'form' }] })
    if (name === 'clone') return v
    return undefined
  },
})

defineDomain('headers', {
  get: () => undefined,
  method(_v, name, args) {
    const key = args[0] ? literal(args[0]) : undefined
    if (name === 'get') return { t: 'in', ref: `header.${typeof key === 'string' ? key.toLowerCase() : '*'}` }
    if (name === 'has') return { t: 'bool' }
    return UNK
  },
})

defineDomain('cookies', {
  method(_v, name, args, call) {
    const key = args[0] ? literal(args[0]) : undefined
    const ref = `cookie.${typeof key === 'string' ? key : '*'}`
    if (name === 'get') {
      return call.rt.union([
        { v: UNDEF, f: [] },
        { v: obj({ value: { t: 'in', ref }, name: { t: 'str' } }), f: [] },
      ])
    }
    if (name === 'getAll') return { t: 'arr', e: obj({ value: { t: 'in', ref: 'cookie.*' }, name: { t: 'str' } }) }
    if (name === 'has') return { t: 'bool' }
    if (name === 'set' || name === 'delete')
      call.rt.emit({ k: 'cookie-set', file: call.file, line: call.line, data: {} })
    return UNDEF
  },
})

defineDomain('form-data', {
  get: () => undefined,
  method(v, name, args) {
    const s = v.s as { ref: string }
    const key = args[0] ? literal(args[0]) : undefined
    if (name === 'get') return { t: 'in', ref: `${s.ref}.${typeof key === 'string' ? key : '*'}` }
    if (name === 'getAll') return { t: 'arr', e: { t: 'in', ref: `${s.ref}.${typeof key === 'string' ? key : '*'}` } }
    if (name === 'entries' || name === 'keys' || name === 'values') return { t: 'in', ref: s.ref }
    return undefined
  },
})

defineDomain('url', {
  get(v, p) {
    const m = v.m
    if (p === 'searchParams') return dom('search-params', { ref: 'query', url: v }, m)
    if (p === 'origin' || p === 'host' || p === 'protocol') return { t: 'str' }
    if (p === 'pathname') return { t: 'str', ...(m?.inp ? { m: { inp: [{ ref: 'path' }] } } : {}) }
    return { t: 'str', ...(m ? { m } : {}) }
  },
  method: v => (v.m ? { t: 'str', m: v.m } : { t: 'str' }),
})

defineDomain('search-params', {
  get: v => (v.m?.inp ? undefined : UNK),
  method(v, name, args) {
    const s = v.s as { ref: string; url?: DomValue }
    const key = args[0] ? literal(args[0]) : undefined
    if ((name === 'set' || name === 'append') && args[1] && metaOf(args[1])?.err) {
      // Text put into a query string goes where the address goes.
      v.m = joinMeta(v.m, metaOf(args[1])) ?? {}
      if (s.url) s.url.m = joinMeta(s.url.m, metaOf(args[1])) ?? {}
      return UNDEF
    }
    if (!v.m?.inp) return name === 'toString' ? strOf(v.m) : UNK
    if (name === 'get') return { t: 'in', ref: `${s.ref}.${typeof key === 'string' ? key : '*'}` }
    if (name === 'getAll') return { t: 'arr', e: { t: 'in', ref: `${s.ref}.${typeof key === 'string' ? key : '*'}` } }
    if (name === 'entries' || name === 'keys' || name === 'values') return { t: 'in', ref: s.ref }
    return undefined
  },
})
