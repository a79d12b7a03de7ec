import type { Call, Emitted, Meta, ObjValue, Value } from '../eval/values.ts'
import { dom, HOLE, joinMeta, literal, metaOf, native, UNDEF, UNK, unk } from '../eval/values.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/** The part of a URL in front of its path: an origin, or one that is not known. */
const ORIGIN = new RegExp(`^(?:https?://[^/]*|${HOLE}(?=/))`)

/** Host of a URL text; U+0001 stands for unknown parts. Undefined when the host itself is not known. */
export function hostOf(v: Value | undefined): { host: string | undefined; relative: boolean } {
  const text = v?.t === 'str' ? v.v : undefined
  if (text === undefined) return { host: undefined, relative: false }
  const m = /^https?:\/\/([^/?#]+)/.exec(text)
  if (m) return { host: m[1]?.includes('\u0001') ? undefined : m[1], relative: false }
  return { host: undefined, relative: text.startsWith('/') }
}

/** Path of a URL of the app's own, without origin, query and fragment. */
function pathOf(v: Value | undefined): string | undefined {
  const text = v?.t === 'str' ? v.v : undefined
  const path = text?.replace(ORIGIN, '').replace(/[?#].*$/, '')
  return path?.startsWith('/') ? path : undefined
}

function joined(base: Value | undefined, url: Value | undefined): Value | undefined {
  if (base?.t !== 'str' || url?.t !== 'str') return url
  return { t: 'str', v: `${(base.v ?? '').replace(/\/$/, '')}/${(url.v ?? '\u0001').replace(/^\//, '')}` }
}

function timeoutOf(options: Value | undefined): 'yes' | 'no' | 'unknown' {
  if (!options || options.t === 'undef') return 'no'
  if (options.t === 'obj') {
    if (options.p.has('signal')) {
      const s = options.p.get('signal') as Value
      if (s.t === 'undef' || s.t === 'null') return 'no'
      return 'yes'
    }
    if (options.p.has('timeout')) return 'yes'
    return options.open ? 'unknown' : 'no'
  }
  return options.t === 'in' ? 'no' : 'unknown'
}

export function fetchCall(call: Call): Value {
  const [url, options] = call.args
  const { host, relative } = hostOf(url)
  const method = options?.t === 'obj' ? literal(options.p.get('method') ?? UNDEF) : undefined
  const meta = metaOf(url ?? UNDEF)
  const request = url?.t === 'dom' && url.d === 'request'
  cacheOptions(call, options)
  const effect: Emitted = {
    k: 'external',
    file: call.file,
    line: call.startLine,
    endLine: call.endLine,
    what: 'fetch',
    kind: 'http',
    host,
    method: typeof method === 'string' ? method.toUpperCase() : 'GET',
    timeout: request ? 'unknown' : timeoutOf(options),
    own: relative || isOwn(url) || isBundled(url),
    path: relative || isOwn(url) ? pathOf(url) : undefined,
    ...(costOfUrl(url) ? { cost: costOfUrl(url) } : {}),
    payload: options ? metaOf(options) : undefined,
    urlMeta: meta,
  }
  call.rt.emit(effect)
  call.rt.throws(unk({ err: ['external'] }))
  return dom('fetched', { effect }, joinMeta(meta?.auth ? { auth: true } : undefined, undefined))
}

/** Services that are called by their HTTP interface, known by host or path. */
function costOfUrl(url: Value | undefined): 'llm' | 'email' | 'sms' | undefined {
  const text = url?.t === 'str' ? (url.v ?? '') : ''
  if (
    /chat\/completions|\/v1\/(messages|responses|embeddings|completions|images\/generations)|api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis|:generateContent|openrouter\.ai|api\.replicate\.com|api\.mistral\.ai|api\.groq\.com/.test(
      text,
    )
  )
    return 'llm'
  if (/api\.(resend|sendgrid|postmarkapp|mailgun|brevo|sendinblue|loops)\.|mandrillapp/.test(text)) return 'email'
  if (/api\.(twilio|vonage|messagebird)\./.test(text)) return 'sms'
  return undefined
}

/** `fetch(new URL('./font.ttf', import.meta.url))`: a file of the bundle. */
function isBundled(url: Value | undefined): boolean {
  return url?.t === 'dom' && url.d === 'url' && (url.s as { file?: boolean }).file === true
}

/** The app's own origin, configured by environment variable. */
function isOwn(url: Value | undefined): boolean {
  const env = url ? metaOf(url)?.env : undefined
  const text = url?.t === 'str' ? url.v : undefined
  return (
    Boolean(
      env &&
        /^(NEXT_PUBLIC_)?((APP|SITE|WEB|WEBSITE|PUBLIC|HOST|FRONTEND|API|VERCEL|VERCEL_BRANCH|VERCEL_PROJECT_PRODUCTION|NEXTAUTH|AUTH|SERVER)_)?(BASE_)?(URL|HOST|ORIGIN|DOMAIN)$/.test(
          env,
        ),
    ) &&
    Boolean(
      text === undefined ||
        text === HOLE ||
        [`${HOLE}/`, `https://${HOLE}`, `http://${HOLE}`].some(start => text.startsWith(start)),
    )
  )
}

/** The Next options of one fetch; of several objects the later ones win, as a client's defaults and a call's options do. */
function cacheOptions(call: Call, ...all: (Value | undefined)[]): void {
  const found = { noStore: false, zero: false, revalidate: undefined as number | false | undefined }
  for (const options of all) if (options?.t === 'obj') readOptions(options, found)
  const { noStore, zero, revalidate } = found
  call.rt.emit({
    k: 'fetch-cache',
    file: call.file,
    line: call.startLine,
    noStore,
    ...(zero ? { zero } : {}),
    revalidate,
  })
}

function readOptions(
  options: ObjValue,
  found: { noStore: boolean; zero: boolean; revalidate: number | false | undefined },
): void {
  const cache = literal(options.p.get('cache') ?? UNDEF)
  // Next does not look at 'reload' (lib/patch-fetch.js).
  if (cache === 'no-store' || cache === 'no-cache') found.noStore = true
  if (cache === 'force-cache') found.revalidate = false
  const next = options.p.get('next')
  const r = next?.t === 'obj' ? literal(next.p.get('revalidate') ?? UNDEF) : undefined
  if (r === 0) {
    found.zero = !found.noStore
    found.noStore = true
  } else if (typeof r === 'number' && r > 0) found.revalidate = r
  else if (r === false) found.revalidate = false
}

/** Options in Next's own words that code which cannot be seen is given: it hands them to fetch (`client.fetch(query, {}, { next })`). */
export function handsOnOptions(call: Call, args: readonly Value[]): void {
  for (const a of args) {
    if (a.t !== 'obj') continue
    const cache = literal(a.p.get('cache') ?? UNDEF)
    const next = a.p.get('next')
    if (cache === 'no-store' || cache === 'force-cache' || (next?.t === 'obj' && next.p.has('revalidate')))
      cacheOptions(call, a)
  }
}

/** The result of a request: its body is text of a third party. */
defineDomain('fetched', {
  get(v, p) {
    if (p === 'ok') return { t: 'bool' }
    if (p === 'status') return { t: 'num' }
    if (p === 'headers') return UNK
    return unk(v.m)
  },
  method(v) {
    return unk(v.m)
  },
})

/** Clients whose calls are plain HTTP requests: axios, ky, got, ofetch, undici. */
function httpClient(name: string, defaults: 'yes' | 'no'): Value {
  return dom('http-client', { name, timeout: defaults })
}

defineDomain('http-client', {
  get: v => v,
  call(v, args, call) {
    return request(v.s as HttpClient, 'GET', args, call)
  },
  method(v, name, args, call) {
    const s = v.s as HttpClient
    if (name === 'create' || name === 'extend') {
      const options = args[0]
      const set = options?.t === 'obj' && (options.p.has('timeout') || options.p.has('signal'))
      const base = options?.t === 'obj' ? (options.p.get('baseURL') ?? options.p.get('prefixUrl')) : undefined
      return dom('http-client', { name: s.name, timeout: set ? 'yes' : s.timeout, base, defaults: options })
    }
    if (/^(get|post|put|patch|delete|head|request|options)$/.test(name))
      return request(s, name.toUpperCase(), args, call)
    return UNK
  },
})

interface HttpClient {
  name: string
  timeout: 'yes' | 'no'
  base?: Value | undefined
  defaults?: Value | undefined
}

function request(s: HttpClient, method: string, args: Value[], call: Call): Value {
  const options = args.find(
    (a, i) =>
      i > 0 && a.t === 'obj' && (a.p.has('timeout') || a.p.has('signal') || a.p.has('headers') || a.p.has('params')),
  )
  // These two call the global fetch, which Next has patched.
  if (s.name === 'ky' || s.name === 'ofetch') cacheOptions(call, s.defaults, ...args.slice(1))
  const own = timeoutOf(options)
  const { host, relative } = hostOf(s.base ?? args[0])
  const meta = args.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined)
  call.rt.emit({
    k: 'external',
    file: call.file,
    line: call.startLine,
    endLine: call.endLine,
    what: s.name,
    kind: 'http',
    host,
    method,
    timeout: s.timeout === 'yes' || own === 'yes' ? 'yes' : own,
    own: relative,
    path: relative ? pathOf(joined(s.base, args[0])) : undefined,
    urlMeta: meta,
  })
  call.rt.throws(unk({ err: ['external'] }))
  return obj_(meta)
}

function obj_(_meta: Meta | undefined): Value {
  return { t: 'obj', p: new Map(), open: true }
}

for (const [pkg, timeout] of [
  ['axios', 'no'],
  ['got', 'no'],
  ['ofetch', 'no'],
  // ky aborts after 10 s unless told otherwise.
  ['ky', 'yes'],
] as const) {
  const client = httpClient(pkg, timeout)
  definePackage(pkg, { default: client, [pkg]: client, ofetch: client, '*': client })
}
definePackage('undici', { fetch: native('fetch', fetchCall), request: native('request', fetchCall) })
definePackage('node-fetch', { default: native('fetch', fetchCall) })
definePackage('cross-fetch', { default: native('fetch', fetchCall), fetch: native('fetch', fetchCall) })
