import { handOver, summarise } from '../eval/invoke.ts'
import { joinArms, type Machine, makeUnion } from '../eval/machine.ts'
import type { Alternative, Call, DomValue, Meta, Value } from '../eval/values.ts'
import {
  arr,
  dom,
  joinMeta,
  literal,
  metaOf,
  NULL,
  NUM,
  native,
  obj,
  STR,
  stringsOf,
  strOf,
  UNDEF,
  UNK,
  unk,
} from '../eval/values.ts'
import { flatten } from '../flatten.ts'
import {
  type AccessDraft,
  addPayload,
  builderStates,
  type ClientRole,
  type Embed,
  type FetchOption,
  filterOf,
  foundFacts,
  limitOf,
  newDraft,
  rowMeta,
} from './access.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/** `rpc('run_sql', { query: `select …` })`: a statement as an argument. */
function sqlArgument(d: AccessDraft, args: Value | undefined, line: number): void {
  if (args?.t !== 'obj') return
  for (const v of args.p.values()) {
    if (v.t !== 'str' || !v.v?.includes('\u0001') || !/^\s*(select|insert|update|delete|with)\s/i.test(v.v)) continue
    d.sql = v.v
    d.raw = { meta: v.m, text: v.v, line }
  }
}

interface Client {
  role: ClientRole
  schema: string | undefined
  browser: boolean
  fetch?: FetchOption | undefined
}

const FILTERS = new Set(
  'eq neq gt gte lt lte like likeAllOf likeAnyOf ilike ilikeAllOf ilikeAnyOf regexMatch regexIMatch is isDistinct in notIn contains containedBy rangeGt rangeGte rangeLt rangeLte rangeAdjacent overlaps textSearch not'.split(
    ' ',
  ),
)
const SEARCH = new Set([
  'like',
  'ilike',
  'likeAllOf',
  'likeAnyOf',
  'ilikeAllOf',
  'ilikeAnyOf',
  'textSearch',
  'regexMatch',
  'regexIMatch',
])

/** Error object of PostgREST: its text names columns, constraints and values. */
function databaseError(): Value {
  const m: Meta = { err: ['database'] }
  return {
    ...obj({ message: strOf(m), details: strOf(m), hint: strOf(m), code: STR, name: STR, stack: strOf(m) }, m),
    cls: 'PostgrestError',
  }
}

function authError(): Value {
  const m: Meta = { err: ['auth'] }
  return obj({ message: strOf(m), code: STR, status: NUM, name: STR }, m)
}

const next = (v: DomValue, change: Partial<AccessDraft>): DomValue =>
  dom('sb-query', { ...(v.s as AccessDraft), ...change })

function clientValue(role: ClientRole, browser: boolean, schema?: string, fetch?: FetchOption): Value {
  return dom(`sb-client`, { role, browser, schema, fetch } satisfies Client)
}

/** One client object per role, so that memo tables see equal clients as equal. */
const clients = new Map<string, Value>()
export function supabaseClient(role: ClientRole, browser = false, schema?: string, fetch?: FetchOption): Value {
  const key = `${role}|${browser}|${schema ?? ''}${fetch ? `|${fetch.file}:${fetch.line}` : ''}`
  let v = clients.get(key)
  if (!v) {
    v = clientValue(role, browser, schema, fetch)
    clients.set(key, v)
  }
  return v
}

/** The role a key gives: its environment variable's name is the only thing a checkout tells. */
export function roleOfKey(key: Value | undefined): ClientRole {
  const m = key ? metaOf(key) : undefined
  const name = m?.env
  if (name) {
    if (SERVICE_NAME.test(name)) return 'service'
    if (/ANON|PUBLISHABLE|PUBLIC_KEY|NEXT_PUBLIC/i.test(name)) return 'anon'
    return 'unknown'
  }
  const text = key ? literal(key) : undefined
  if (typeof text === 'string') {
    if (text.startsWith('sb_secret_')) return 'service'
    if (text.startsWith('sb_publishable_')) return 'anon'
    const claim = /^eyJ[\w-]+\.([\w-]+)\./.exec(text)?.[1]
    if (claim) {
      const payload = Buffer.from(claim, 'base64url').toString('utf8')
      if (payload.includes('service_role')) return 'service'
      if (payload.includes('"anon"')) return 'anon'
    }
  }
  return 'unknown'
}

function keyOfCall(call: Call, index: number): Value | undefined {
  const v = call.args[index]
  return v
}

function emitClient(call: Call, role: ClientRole, key: Value | undefined, kind: string): void {
  call.rt.emit({
    k: 'client',
    file: call.file,
    line: call.startLine,
    data: {
      role,
      kind,
      env: key ? metaOf(key)?.env : undefined,
      keyLine: call.argLines?.[1],
      inFunction: call.rt.inFunction(),
    },
  })
}

function plainClient(call: Call): Value {
  const key = keyOfCall(call, 1)
  let role = roleOfKey(key)
  const options = call.args[2]
  const fetch = fetchOption(call.rt as Machine, options)
  if (role !== 'service' && options && carriesUser(options, fetch !== undefined)) role = 'user'
  if (role === 'anon' && replacesService(call)) role = 'service'
  if (options) handOver(call.rt as Machine, options, call, 4)
  emitClient(call, role, key, 'supabase-js')
  return supabaseClient(role, false, schemaOption(options), fetch)
}

/** What `global.fetch` says to Next: a wrapper around fetch that adds `cache` or `next` for all queries of the client. */
function fetchOption(m: Machine, options: Value | undefined): FetchOption | undefined {
  const global = options?.t === 'obj' ? options.p.get('global') : undefined
  const own = global?.t === 'obj' ? global.p.get('fetch') : undefined
  if (own?.t !== 'fn') return undefined
  const args: Value[] = [UNK, { t: 'obj', p: new Map(), open: true }]
  const effects = flatten(summarise(m, own, args, own.env === own.mod.env && !own.self, true).effects)
  // One that signs the requests is there for the user's sake.
  if (effects.some(e => e.effect.k === 'session' || (e.effect.k === 'external' && e.effect.payload?.auth)))
    return undefined
  for (const { effect: x } of effects)
    if (x.k === 'fetch-cache' && (x.noStore || x.revalidate !== undefined))
      return { noStore: x.noStore, revalidate: x.revalidate, file: x.file, line: x.line }
  return undefined
}

/** `if (!process.env.SERVICE_ROLE_KEY) return createClient(url, anonKey)`: a deployment has the key that the code is written for. */
function replacesService(call: Call): boolean {
  for (const f of call.rt.facts()) if (f.startsWith('x:unset:') && SERVICE_NAME.test(f)) return true
  return false
}

const SERVICE_NAME = /SERVICE|SECRET|ADMIN/i

function schemaOption(options: Value | undefined): string | undefined {
  if (options?.t !== 'obj') return undefined
  const db = options.p.get('db')
  const schema = db?.t === 'obj' ? db.p.get('schema') : undefined
  const name = schema ? literal(schema) : undefined
  return typeof name === 'string' ? name : undefined
}

/** `accessToken` or an Authorization header: row-level security sees that user. */
function carriesUser(options: Value, cachesOnly: boolean): boolean {
  if (options.t !== 'obj') return false
  if (options.p.has('accessToken')) return true
  const global = options.p.get('global')
  if (global?.t !== 'obj') return false
  const headers = global.p.get('headers')
  if (headers?.t === 'obj')
    return headers.p.has('Authorization') || headers.p.has('authorization') || headers.open === true
  return headers !== undefined || (global.p.has('fetch') && !cachesOnly)
}

function serverClient(call: Call): Value {
  const key = keyOfCall(call, 1)
  const byKey = roleOfKey(key)
  const options = call.args[2]
  const role: ClientRole = byKey === 'service' ? 'service' : 'user'
  if (options) handOver(call.rt as Machine, options, call, 4)
  emitClient(call, role, key, 'ssr')
  return supabaseClient(role, false, schemaOption(options))
}

function browserClient(call: Call): Value {
  const key = keyOfCall(call, 1)
  const role: ClientRole = roleOfKey(key) === 'service' ? 'service' : 'user'
  emitClient(call, role, key, 'browser')
  return supabaseClient(role, true)
}

/** @supabase/auth-helpers-nextjs: `create…Client({ cookies })` reads the cookies itself. */
function helperClient(server: boolean) {
  return (call: Call): Value => {
    const options = call.args[0]
    if (server && options?.t === 'obj') {
      const cookies = options.p.get('cookies')
      if (cookies) call.rt.invoke(cookies, [], call)
    }
    emitClient(call, 'user', undefined, server ? 'ssr' : 'browser')
    return supabaseClient('user', !server)
  }
}

definePackage('@supabase/supabase-js', {
  createClient: native('createClient', plainClient),
  SupabaseClient: native('SupabaseClient', plainClient),
  'default.createClient': native('createClient', plainClient),
})
definePackage('@supabase/ssr', {
  createServerClient: native('createServerClient', serverClient),
  createBrowserClient: native('createBrowserClient', browserClient),
})
definePackage('@supabase/auth-helpers-nextjs', {
  createServerComponentClient: native('createServerComponentClient', helperClient(true)),
  createRouteHandlerClient: native('createRouteHandlerClient', helperClient(true)),
  createServerActionClient: native('createServerActionClient', helperClient(true)),
  createServerComponentSupabaseClient: native('createServerComponentSupabaseClient', helperClient(true)),
  createMiddlewareClient: native('createMiddlewareClient', helperClient(true)),
  createClientComponentClient: native('createClientComponentClient', helperClient(false)),
  createBrowserSupabaseClient: native('createBrowserSupabaseClient', helperClient(false)),
  createPagesBrowserClient: native('createPagesBrowserClient', helperClient(false)),
})
definePackage('@supabase/auth-helpers-react', {
  useSupabaseClient: native('useSupabaseClient', () => supabaseClient('user', true)),
  useUser: native('useUser', () => UNK),
  useSession: native('useSession', () => UNK),
})

function start(v: DomValue, call: Call, change: Partial<AccessDraft>): Value {
  const c = v.s as Client
  const draft: AccessDraft = {
    ...newDraft(call.rt, { file: call.file, line: call.line, endLine: call.endLine }, 'supabase-js', c.role),
    schema: c.schema,
    ...(c.fetch ? { fetch: c.fetch } : {}),
    ...change,
  }
  ;(call.rt as Machine).drafts.push(draft)
  return dom('sb-query', draft)
}

function from(v: DomValue, args: Value[], call: Call): Value {
  const name = args[0] ?? UNDEF
  const names = stringsOf(name)
  if (names && names.length > 1 && names.length <= 8)
    return joinArms(
      call.rt as Machine,
      names.map(n => () => start(v, call, { table: n })),
    )
  const table = names?.[0]
  // A name that the caller chooses is no table name that is known.
  return start(v, call, { table: table && !table.includes('\u0001') ? table : null })
}

defineDomain('sb-client', {
  bound: true,
  get(v, p, _rt) {
    const c = v.s as Client
    if (p === 'auth') return authDomain(c)
    if (p === 'storage') return dom('sb-storage', c.role)
    if (p === 'functions') return dom('sb-functions', c.role)
    if (p === 'realtime') return UNK
    return undefined
  },
  method(v, name, args, call) {
    const c = v.s as Client
    switch (name) {
      case 'from':
        return from(v, args, call)
      case 'rpc': {
        const rpc = stringsOf(args[0] ?? UNDEF)?.[0] ?? null
        const options = args[2]
        const flag = (key: string) => options?.t === 'obj' && literal(options.p.get(key) ?? UNDEF) === true
        const count = options?.t === 'obj' ? literal(options.p.get('count') ?? UNDEF) : undefined
        const q = start(v, call, {
          op: 'rpc',
          rpc,
          head: flag('head'),
          ...(typeof count === 'string' ? { count: count as 'exact' } : {}),
        })
        if (args[1]) addPayload((q as DomValue).s as AccessDraft, args[1])
        sqlArgument((q as DomValue).s as AccessDraft, args[1], call.line)
        return q
      }
      case 'schema': {
        const s = literal(args[0] ?? UNDEF)
        return supabaseClient(c.role, c.browser, typeof s === 'string' ? s : undefined)
      }
      case 'channel':
      case 'removeChannel':
        return dom('sb-channel', {})
    }
    return undefined
  },
})

defineDomain('sb-channel', {
  method(v, _name, args, call) {
    for (const a of args) handOver(call.rt as Machine, a, call)
    return v
  },
})

defineDomain('sb-storage', {
  method: (v, name) => (name === 'from' ? dom('sb-bucket', v.s) : unk({})),
})
defineDomain('sb-bucket', {
  method(_v, name, args, call) {
    if (name === 'getPublicUrl') return obj({ data: obj({ publicUrl: STR }) })
    const error = obj({ message: strOf({ err: ['database'] }) }, { err: ['database'] })
    void args
    return makeUnion(call.rt as Machine, [
      { v: obj({ data: NULL, error }), f: [] },
      { v: obj({ data: { t: 'obj', p: new Map(), open: true }, error: NULL }), f: [] },
    ])
  },
})
defineDomain('sb-functions', {
  method(_v, name, _args, call) {
    if (name !== 'invoke') return undefined
    return makeUnion(call.rt as Machine, [
      { v: obj({ data: NULL, error: obj({ message: strOf({ err: ['external'] }) }, { err: ['external'] }) }), f: [] },
      { v: obj({ data: UNK, error: NULL }), f: [] },
    ])
  },
})

defineDomain('sb-query', {
  ...builderStates,
  bound: true,
  escapes: true,
  get: () => undefined,
  method(v, name, args, call) {
    const d = v.s as AccessDraft
    const [a, b] = args
    if (FILTERS.has(name)) {
      const column = literal(a ?? UNDEF)
      const value = name === 'not' ? args[2] : b
      const op = name === 'not' ? `not.${String(literal(b ?? UNDEF))}` : name
      return next(v, {
        filters: [...d.filters, filterOf(typeof column === 'string' ? column : null, op, value)],
        search: d.search || SEARCH.has(name),
        ...(a && metaOf(a)?.inp ? { raw: { meta: metaOf(a), text: '', line: call.line } } : {}),
      })
    }
    switch (name) {
      case 'select':
        return select(v, args, call)
      case 'insert':
      case 'upsert':
      case 'update': {
        const draft = { ...d, op: name } as AccessDraft
        addPayload(draft, a)
        if (name === 'upsert') draft.conflict = conflictKey(a, b)
        return dom('sb-query', draft)
      }
      case 'delete':
        return next(v, { op: 'delete' })
      case 'match': {
        if (a?.t !== 'obj') return next(v, { filters: [...d.filters, filterOf(null, 'match', a)] })
        return next(v, { filters: [...d.filters, ...[...a.p].map(([k, x]) => filterOf(k, 'eq', x))] })
      }
      case 'filter': {
        const column = literal(a ?? UNDEF)
        const op = literal(b ?? UNDEF)
        return next(v, {
          filters: [
            ...d.filters,
            filterOf(typeof column === 'string' ? column : null, typeof op === 'string' ? op : 'filter', args[2]),
          ],
          search: d.search || /like|fts/.test(String(op)),
        })
      }
      case 'or': {
        const text = a?.t === 'str' && a.v !== undefined ? a.v : ''
        const m = a ? metaOf(a) : undefined
        return next(v, {
          raw: { meta: joinMeta(d.raw?.meta, m), text, line: call.line },
          filters: [...d.filters, { column: null, op: 'or', meta: m, constant: !m }],
          search: d.search || /\.(i?like|fts|plfts|wfts)\./.test(text),
        })
      }
      case 'order': {
        const column = literal(a ?? UNDEF)
        if (embedOption(b)) return v
        const name = typeof column === 'string' ? column : '?'
        const down = b?.t === 'obj' && literal(b.p.get('ascending') ?? UNDEF) === false
        return next(v, {
          order: [...d.order, name],
          ...(down ? { descending: [...(d.descending ?? []), name] } : {}),
        })
      }
      case 'limit':
        if (embedOption(b))
          return next(v, { embeds: d.embeds.map(e => (isNamed(e, embedOption(b)) ? { ...e, limited: true } : e)) })
        return next(v, { limit: limitOf(a) })
      case 'range': {
        if (embedOption(args[2]))
          return next(v, {
            embeds: d.embeds.map(e => (isNamed(e, embedOption(args[2])) ? { ...e, limited: true } : e)),
          })
        const size = limitOf(b)
        return next(v, {
          range: true,
          offset: { ...limitOf(a), file: call.file, line: call.line },
          limit: { value: undefined, meta: size.meta },
        })
      }
      case 'single':
        return next(v, { single: 'single' })
      case 'maybeSingle':
        return next(v, { single: 'maybe' })
      case 'throwOnError':
        return next(v, { throws: true })
      case 'csv':
      case 'geojson':
      case 'returns':
      case 'overrideTypes':
      case 'abortSignal':
      case 'setHeader':
      case 'retry':
      case 'rollback':
      case 'stripNulls':
      case 'maxAffected':
      case '$overrideTypes':
        return v
      case 'explain':
        return next(v, { head: true })
    }
    return undefined
  },
  settle(v, at) {
    return execute(v.s as AccessDraft, at)
  },
})

/** Where every value of the conflict key (`onConflict`, else `id`) comes from. */
function conflictKey(row: Value | undefined, options: Value | undefined): Meta | undefined {
  const named = options?.t === 'obj' ? options.p.get('onConflict') : undefined
  const columns = named ? literal(named) : 'id'
  if (row?.t !== 'obj' || typeof columns !== 'string') return undefined
  const values = columns.split(',').map(c => row.p.get(c.trim()))
  if (values.some(v => v === undefined)) return undefined
  return values.reduce<Meta | undefined>((m, v) => joinMeta(m, v && metaOf(v)), undefined) ?? {}
}

/** By its table or alias; for an embed inside another, by the path of them. */
function isNamed(e: Embed, name: string | undefined): boolean {
  const last = name?.split('.').pop()
  return last === e.table || (e.alias !== undefined && last === e.alias)
}

function embedOption(v: Value | undefined): string | undefined {
  if (v?.t !== 'obj') return undefined
  const name = literal(v.p.get('referencedTable') ?? v.p.get('foreignTable') ?? UNDEF)
  return typeof name === 'string' ? name : undefined
}

function select(v: DomValue, args: Value[], _call: Call): Value {
  const d = v.s as AccessDraft
  const text = args[0] ? (args[0].t === 'str' ? args[0].v : literal(args[0])) : '*'
  const columns = typeof text === 'string' ? text : null
  const options = args[1]
  const count = options?.t === 'obj' ? literal(options.p.get('count') ?? UNDEF) : undefined
  const head = options?.t === 'obj' && literal(options.p.get('head') ?? UNDEF) === true
  const writes = d.op !== 'select' && d.op !== 'rpc'
  return next(v, {
    columns,
    embeds: columns ? embedsOf(columns) : [],
    returning: writes,
    ...(writes ? {} : { head }),
    ...(typeof count === 'string' ? { count: count as 'exact' } : {}),
    aggregate: d.aggregate || (columns !== null && isAggregate(columns)),
  })
}

/** `count()`, `price.sum()` without any plain column next to it gives one row (PostgREST aggregate functions). */
function isAggregate(columns: string): boolean {
  const parts = columns.split(',').map(c => c.trim())
  return parts.length > 0 && parts.every(c => /^(\w+:)?(\w+\.)?(count|sum|avg|min|max)\(\)(::\w+)?$/.test(c))
}

const AGGREGATES = new Set(['count', 'sum', 'avg', 'min', 'max'])

/** Related tables of a select list: "*, author:profiles!fk(name), comments(*, likes(count))". `within` is the embed around it. */
export function embedsOf(columns: string): Embed[] {
  const out: Embed[] = []
  const around: (string | undefined)[] = []
  for (const m of columns.matchAll(/(?:(?:([\w"]+)\s*:\s*)?([A-Za-z_]\w*)\s*((?:![\w]+)*)\s*)?\(|\)/g)) {
    if (m[0] === ')') {
      around.pop()
      continue
    }
    const [, alias, table, hints] = m
    const within = around[around.length - 1]
    if (table === undefined || AGGREGATES.has(table)) {
      around.push(within)
      continue
    }
    const counted = /^\s*(\w+:)?(count|sum|avg|min|max)(\(\))?\s*\)/.test(columns.slice(m.index + m[0].length))
    const hint = hints?.split('!').find(h => h !== '' && h !== 'inner' && h !== 'left')
    out.push({
      table,
      limited: false,
      ...(alias ? { alias } : {}),
      ...(hint ? { hint } : {}),
      ...(within ? { within } : {}),
      ...(counted ? { counted } : {}),
    })
    around.push(table)
  }
  return out
}

/** Counters that functions of the database keep. */
export const LIMIT_RPC = /rate_?limit|throttle|hit_limit|check_limit/i
const ROLE_CHECK = /^(is|has|can|may|check_is|user_has|user_is|user_can)_/

function execute(d: AccessDraft, at: { file: string; line: number; rt: import('../eval/values.ts').Runtime }): Value {
  const rt = at.rt
  rt.emit({ k: 'access', file: d.file, line: d.line, draft: d })
  if (d.fetch) rt.emit({ k: 'fetch-cache', ...d.fetch })
  if (d.rpc && LIMIT_RPC.test(d.rpc)) rt.fact('limiter-asked')
  const meta = rowMeta(d)
  const error = databaseError()
  const row: Value = { t: 'unk', m: meta }
  const facts = foundFacts(d)
  const alts: Alternative[] = []
  const failed = obj({ data: NULL, error, count: NULL, status: NUM, statusText: STR })
  if (d.throws) rt.throws(error)
  else alts.push({ v: failed, f: ['db-failed'] })
  const ok = (data: Value, f: readonly string[] = []) =>
    alts.push({
      v: obj({
        data,
        error: NULL,
        count: d.count ? { t: 'num', m: { rows: [d.id] } } : NULL,
        status: NUM,
        statusText: STR,
      }),
      f,
    })
  const writes = d.op === 'insert' || d.op === 'update' || d.op === 'upsert' || d.op === 'delete'
  if (d.head || (writes && !d.returning)) ok(NULL)
  else if (d.single === 'maybe') {
    ok(NULL)
    ok({ t: 'obj', p: new Map(), open: true, m: meta }, facts)
  } else if (d.single === 'single') ok({ t: 'obj', p: new Map(), open: true, m: meta }, facts)
  else if (d.op === 'rpc' && ROLE_CHECK.test(d.rpc ?? '')) {
    // A function that answers whether the caller may: its truth proves the role.
    ok(
      rt.union([
        { v: { t: 'unk', m: meta }, f: ['role', 'auth'], k: 't' },
        { v: { t: 'unk', m: meta }, f: [], k: 'f' },
      ]),
    )
  } else if (d.op === 'rpc') ok({ t: 'unk', m: joinMeta(meta, d.payload?.auth ? { auth: true } : undefined) as Meta })
  else ok(arr(row, meta))
  return makeUnion(rt as Machine, alts)
}

const authClients = new Map<string, Value>()
function authDomain(c: Client): Value {
  const key = `${c.role}|${c.browser}`
  let v = authClients.get(key)
  if (!v) {
    v = dom('sb-auth', c)
    authClients.set(key, v)
  }
  return v
}

const SIGN_IN = new Set(
  'signInWithPassword signUp signInWithOAuth signInWithOtp signInWithIdToken signInWithSSO signInAnonymously signInWithWeb3 verifyOtp exchangeCodeForSession resetPasswordForEmail resend signOut setSession refreshSession linkIdentity'.split(
    ' ',
  ),
)

/** A verified user. Its id and everything read by it belong to the caller. */
export function userValue(extra?: Meta): Value {
  return dom('user', {}, { auth: true, ...extra })
}

defineDomain('user', {
  get: (v, p) =>
    p === 'error'
      ? UNDEF
      : p === 'id' || p === 'sub' || p === 'email'
        ? { t: 'unk', m: v.m ?? {} }
        : { t: 'unk', m: v.m ?? {} },
  method: v => unk(v.m),
})

defineDomain('sb-auth', {
  get: (v, p) => (p === 'admin' ? dom('sb-admin', v.s) : p === 'mfa' ? dom('sb-mfa', v.s) : undefined),
  method(v, name, args, call) {
    const c = v.s as Client
    const m = call.rt as Machine
    const session = (api: string, network: boolean) =>
      call.rt.emit({ k: 'session', file: call.file, line: call.line, api, network, role: c.role })
    if (name === 'getUser' || name === 'getClaims') {
      session(name, name === 'getUser')
      const field = name === 'getUser' ? 'user' : 'claims'
      const none = (error: Value, data: Value): Alternative => ({ v: obj({ data, error }), f: [] })
      return makeUnion(m, [
        none(authError(), name === 'getUser' ? obj({ user: NULL }) : NULL),
        ...(name === 'getClaims' ? [none(NULL, NULL)] : []),
        { v: obj({ data: obj({ [field]: userValue() }), error: NULL }), f: ['auth'] },
      ])
    }
    if (name === 'getSession') {
      session('getSession', false)
      const user = dom('user', { unverified: true }, { session: true })
      const s = {
        t: 'obj',
        p: new Map<string, Value>([
          ['user', user],
          ['access_token', strOf({ credential: true })],
          ['provider_token', STR],
          ['expires_at', NUM],
        ]),
        open: true,
        m: { session: true },
      } as Value
      return makeUnion(m, [
        { v: obj({ data: obj({ session: NULL }), error: authError() }), f: [] },
        { v: obj({ data: obj({ session: NULL }), error: NULL }), f: [] },
        { v: obj({ data: obj({ session: s }), error: NULL }), f: ['session'] },
      ])
    }
    if (SIGN_IN.has(name)) {
      call.rt.emit({ k: 'sign-in', file: call.file, line: call.line, data: { method: name } })
      return makeUnion(m, [
        { v: obj({ data: obj({ user: NULL, session: NULL, url: NULL }), error: authError() }), f: [] },
        {
          v: obj({
            data: obj({
              user: userValue(),
              session: { t: 'obj', p: new Map<string, Value>([['user', userValue()]]), open: true },
              url: STR,
            }),
            error: NULL,
          }),
          f:
            name === 'exchangeCodeForSession' ||
            name === 'verifyOtp' ||
            name === 'signInWithPassword' ||
            name === 'setSession'
              ? ['auth']
              : [],
        },
      ])
    }
    if (name === 'updateUser') {
      call.rt.emit({ k: 'auth-write', file: call.file, line: call.line, data: { method: name } })
      return makeUnion(m, [
        { v: obj({ data: obj({ user: NULL }), error: authError() }), f: [] },
        { v: obj({ data: obj({ user: userValue() }), error: NULL }), f: ['auth'] },
      ])
    }
    if (name === 'onAuthStateChange') {
      for (const a of args) handOver(m, a, call)
      return obj({ data: obj({ subscription: UNK }) })
    }
    return undefined
  },
})

for (const name of ['sb-admin', 'sb-mfa'])
  defineDomain(name, {
    get: v => v,
    method(_v, method, args, call) {
      if (name === 'sb-admin')
        call.rt.emit({
          k: 'auth-write',
          file: call.file,
          line: call.line,
          data: {
            method: `admin.${method}`,
            admin: true,
            payload: args.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
          },
        })
      return makeUnion(call.rt as Machine, [
        { v: obj({ data: { t: 'obj', p: new Map([['user', NULL]]), open: true }, error: authError() }), f: [] },
        { v: obj({ data: { t: 'obj', p: new Map(), open: true }, error: NULL }), f: [] },
      ])
    },
  })

export { databaseError }
