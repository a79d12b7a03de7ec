import type { FunctionIR } from '../ir.ts'
import { domains } from '../known/domains.ts'
import type { Env, ModuleContext } from './scope.ts'

/** Where caller-controlled data came from. `ref` names it inside one entry point: "body.title", "query.page", "arg0". */
export interface InputRef {
  ref: string
  /** Set once the value went through parseInt/Number: its type is known, its size is not. */
  num?: boolean
}

export type ErrorOrigin = 'database' | 'external' | 'auth' | 'validation' | 'exception'

/** What is known of a value's history; it travels with the value through copies, strings and unknown functions. */
export interface Meta {
  /** Unvalidated caller input inside. */
  inp?: readonly InputRef[]
  /** Chosen by the caller, validated or not. */
  caller?: boolean
  /** Free text of the caller: a schema that says "string" leaves every character in it. */
  text?: boolean
  /** A number that cannot become large. */
  bounded?: boolean
  /** Derived from a verified identity (the user's id, rows looked up by it). */
  auth?: boolean
  /** Derived from a session that was not verified (getSession on the server). */
  session?: boolean
  /** Derived from a credential that the caller presented (cookie, Authorization header, API key). */
  credential?: boolean
  /** Raw error text or an error object of this origin. */
  err?: readonly ErrorOrigin[]
  /** Where the error's text was read. */
  errAt?: { file: string; line: number }
  /** Where that text entered an object or a list. */
  errIn?: { file: string; line: number }
  /** Ids of the accesses whose rows are inside. */
  rows?: readonly number[]
  /** Comes from an environment variable with this name. */
  env?: string
  /** Rows that belong to nobody in particular: read through a client without a user. */
  publicRows?: boolean
}

export interface Alternative {
  v: Value
  /** Facts that hold when this alternative was taken. */
  f: readonly string[]
  /** Truthiness that the control flow has established, where the value alone does not tell. */
  k?: 't' | 'f'
}

export interface FnValue {
  t: 'fn'
  d: FunctionIR
  env: Env
  mod: ModuleContext
  self?: Value
  /** Bound leading arguments (`fn.bind(null, id)`). */
  bound?: Value[]
}

export interface ObjValue {
  t: 'obj'
  p: Map<string, Value>
  /** More properties than are known. */
  open?: boolean
  m?: Meta
  cls?: string
  /** Where it was made (Machine.branch). */
  at?: number
}

export interface ArrValue {
  t: 'arr'
  /** Known elements, when the array is a literal. */
  items?: Value[]
  /** Any element. */
  e: Value
  /** It has at most so many. */
  bound?: number
  /** Texts of what was pushed onto a literal of texts, on whichever path, in order; each with U+0001 for what is not known. */
  texts?: string[]
  m?: Meta
}

export interface DomValue {
  t: 'dom'
  d: string
  s: unknown
  m?: Meta
}

export interface UnionValue {
  t: 'union'
  /** Values projected from one call share its id: narrowing one narrows all of them. */
  id: number
  alts: Alternative[]
}

export interface NativeValue {
  t: 'native'
  name: string
  call: (call: Call) => Value
  props?: Record<string, Value>
  /** Runs code of the app: unknown code that gets it may call it. */
  app?: true
  /** A server action: where it is defined. */
  action?: { file: string; line: number }
}

export type Value =
  /** `wrapped`: functions that went in; `held`: the library object or result that went in first (result and effect types). */
  | { t: 'unk'; m?: Meta; wrapped?: FnValue[]; held?: Value }
  | { t: 'undef' }
  | { t: 'null' }
  | { t: 'str'; v?: string; m?: Meta }
  | { t: 'num'; v?: number; m?: Meta }
  | { t: 'bool'; v?: boolean }
  | ObjValue
  | ArrValue
  | FnValue
  | NativeValue
  | { t: 'ext'; pkg: string; path: string }
  | { t: 'ns'; mod: ModuleContext }
  | DomValue
  | { t: 'in'; ref: string; num?: boolean }
  | UnionValue

/** One call as a known function sees it. */
export interface Call {
  args: Value[]
  /** The receiver of a method call. */
  self: Value | undefined
  file: string
  /** Line of the callee's name (".from("), and of the whole expression. */
  line: number
  startLine: number
  endLine: number
  isNew: boolean
  /** The callee is run once per element. */
  iterates?: boolean
  /** The callee runs at another time (a handler, an effect): no loop around this place repeats it. */
  later?: boolean
  /** Lines of the arguments, where they are known. */
  argLines?: readonly (number | undefined)[]
  rt: Runtime
}

/** What known functions may do with the interpreter. */
export interface Runtime {
  /** Runs a function value with the arguments and returns its result. */
  invoke(fn: Value, args: Value[], call: Call): Value
  /** Runs a callback once per element of something. */
  invokeInLoop(fn: Value, args: Value[], call: Call, loop: LoopKind): Value
  /** Awaits: executes builders. */
  settle(v: Value, call: { file: string; line: number; rt: Runtime }): Value
  emit(effect: Emitted): void
  fact(...facts: string[]): void
  facts(): ReadonlySet<string>
  throws(v: Value, facts?: readonly string[]): void
  /** The path does not go on (redirect, notFound, process.exit). */
  never(): Value
  /** Alternatives with a fresh id. */
  union(alts: Alternative[]): Value
  get(v: Value, property: string, call: Call): Value
  isClient(): boolean
  /** True inside a function body, false in a module's top level. */
  inFunction(): boolean
  /** Runs `body` with its effects recorded under the given cache scope. */
  inCache<T>(scope: CacheScope, body: () => T): T
  nextId(): number
  /** Version of an installed dependency of the app that owns the file, "" when unknown. */
  version(pkg: string): string
  /** Removes taint that the current facts have validated. */
  clean(v: Value): Value
}

/** `bounded`: over at most a dozen elements of a longer list. */
export type LoopKind = 'data' | 'bounded' | 'constant' | 'paging' | 'retry' | 'chunk'

export interface CacheScope {
  /** `after`: work after the response. `react-cache`: once per request and arguments. */
  kind: 'unstable_cache' | 'use-cache' | 'use-cache-private' | 'react-cache' | 'after'
  file: string
  line: number
  revalidate?: number | false
  /** A cacheLife profile of the app's own (next.config). */
  profile?: string
  /** The cached function that this one is called in. */
  within?: CacheScope
  keyed: boolean
}

export type Emitted = { k: string; file: string; line: number } & Record<string, unknown>

/** Stands for a part of a text that is not known (of a URL, of SQL). */
export const HOLE = '\u0001'

export const UNK: Value = { t: 'unk' }
export const UNDEF: Value = { t: 'undef' }
export const NULL: Value = { t: 'null' }
export const TRUE: Value = { t: 'bool', v: true }
export const FALSE: Value = { t: 'bool', v: false }
export const BOOL: Value = { t: 'bool' }
export const STR: Value = { t: 'str' }
export const NUM: Value = { t: 'num' }

export function obj(p: Record<string, Value>, m?: Meta): ObjValue {
  return m ? { t: 'obj', p: new Map(Object.entries(p)), m } : { t: 'obj', p: new Map(Object.entries(p)) }
}

export function arr(e: Value, m?: Meta): ArrValue {
  return m ? { t: 'arr', e, m } : { t: 'arr', e }
}

export function str(v: string): Value {
  return { t: 'str', v }
}

export function num(v: number): Value {
  return { t: 'num', v }
}

export function dom(d: string, s: unknown, m?: Meta): DomValue {
  return m ? { t: 'dom', d, s, m } : { t: 'dom', d, s }
}

export function native(name: string, call: (call: Call) => Value, props?: Record<string, Value>): NativeValue {
  return props ? { t: 'native', name, call, props } : { t: 'native', name, call }
}

/** A function that runs code of the app when it is called. */
export function appCode(name: string, call: (call: Call) => Value): NativeValue {
  return { t: 'native', name, call, app: true }
}

export function unk(m: Meta | undefined): Value {
  return m && hasMeta(m) ? { t: 'unk', m } : UNK
}

export function strOf(m: Meta | undefined): Value {
  return m && hasMeta(m) ? { t: 'str', m } : STR
}

function hasMeta(m: Meta): boolean {
  return Boolean(
    m.inp?.length ||
      m.caller ||
      m.text ||
      m.bounded ||
      m.auth ||
      m.session ||
      m.credential ||
      m.err?.length ||
      m.rows?.length ||
      m.env ||
      m.publicRows,
  )
}

export function literal(v: Value): string | number | boolean | null | undefined {
  if (v.t === 'str') return v.v === undefined || v.v.includes('\u0001') ? undefined : v.v
  if (v.t === 'num' || v.t === 'bool') return v.v
  if (v.t === 'null') return null
  return undefined
}

/** Every string that the value can be; undefined when it can be something else too. */
export function stringsOf(v: Value): string[] | undefined {
  const one = literal(v)
  if (typeof one === 'string') return [one]
  if (v.t !== 'union') return undefined
  const out: string[] = []
  for (const a of v.alts) {
    const inner = stringsOf(a.v)
    if (!inner) return undefined
    out.push(...inner)
  }
  return out
}

export function joinMeta(a: Meta | undefined, b: Meta | undefined): Meta | undefined {
  if (!a || a === b) return b
  if (!b) return a
  const out: Meta = {}
  const inp = mergeInputs(a.inp, b.inp)
  if (inp) out.inp = inp
  if (a.caller || b.caller) out.caller = true
  if (a.text || b.text) out.text = true
  if (a.bounded || b.bounded) out.bounded = true
  if (a.auth || b.auth) out.auth = true
  if (a.session || b.session) out.session = true
  if (a.credential || b.credential) out.credential = true
  const err = [...new Set([...(a.err ?? []), ...(b.err ?? [])])]
  if (err.length) out.err = err
  const errAt = a.errAt ?? b.errAt
  if (errAt) out.errAt = errAt
  const errIn = a.errIn ?? b.errIn
  if (errIn) out.errIn = errIn
  const rows = [...new Set([...(a.rows ?? []), ...(b.rows ?? [])])]
  if (rows.length) out.rows = rows.length > 8 ? rows.slice(0, 8) : rows
  const env = a.env ?? b.env
  if (env) out.env = env
  if (a.publicRows || b.publicRows) out.publicRows = true
  return out
}

function mergeInputs(
  a: readonly InputRef[] | undefined,
  b: readonly InputRef[] | undefined,
): readonly InputRef[] | undefined {
  if (!a?.length) return b?.length ? b : undefined
  if (!b?.length) return a
  const out = [...a]
  for (const r of b) if (!out.some(o => o.ref === r.ref && o.num === r.num)) out.push(r)
  return out.length > 16 ? out.slice(0, 16) : out
}

/** Everything that is known of the value and of what is inside it. */
export function metaOf(v: Value, depth = 4): Meta | undefined {
  switch (v.t) {
    case 'in':
      return {
        caller: true,
        inp: [v.num ? { ref: v.ref, num: true } : { ref: v.ref }],
        ...(isCredential(v.ref) ? { credential: true } : {}),
      }
    case 'unk':
    case 'str':
    case 'num':
      return v.m
    case 'dom':
      return v.m
    case 'obj': {
      let m = v.m
      if (depth > 0) for (const child of v.p.values()) m = joinMeta(m, metaOf(child, depth - 1))
      return m
    }
    case 'arr': {
      let m = v.m
      if (depth > 0) {
        m = joinMeta(m, metaOf(v.e, depth - 1))
        for (const child of v.items ?? []) m = joinMeta(m, metaOf(child, depth - 1))
      }
      return m
    }
    case 'union': {
      let m: Meta | undefined
      if (depth > 0) for (const a of v.alts) m = joinMeta(m, metaOf(a.v, depth - 1))
      return m
    }
    default:
      return undefined
  }
}

/** Cookies and authorisation headers are credentials; other headers are plain input. */
function isCredential(ref: string): boolean {
  return (
    /^cookie\./.test(ref) ||
    /^header\.(authorization|x-.*(key|token|secret|auth).*|.*api-?key.*|.*-token|.*-secret)$/i.test(ref)
  )
}

export function joinValues(a: Value, b: Value, id: () => number): Value {
  if (a === b) return a
  if (sameShallow(a, b)) return a
  const alts: Alternative[] = []
  addAlternatives(alts, a)
  addAlternatives(alts, b)
  if (alts.length === 1) return (alts[0] as Alternative).v
  return { t: 'union', id: id(), alts: alts.length > MAX_BUILDERS ? bounded(alts) : alts }
}

/** Above this many, the states of one query builder are merged; above the others, plain values are generalised. */
const MAX_BUILDERS = 4
const MAX_PLAIN = 12
const MAX_BEHAVIOURS = 100

/** Keeps the number of alternatives small: builders of one query are merged, values without behaviour become one unknown. */
function bounded(alts: Alternative[]): Alternative[] {
  const out = mergeBuilders(alts.map(a => a.v)).map((v): Alternative => alts.find(a => a.v === v) ?? { v, f: [] })
  if (out.length <= MAX_PLAIN) return out
  const kept: Alternative[] = []
  let rest: Meta | undefined
  for (const a of out) {
    if (kept.length < MAX_BEHAVIOURS && (a.v.t === 'fn' || a.v.t === 'native' || a.v.t === 'dom' || a.v.t === 'ns'))
      kept.push(a)
    else rest = joinMeta(rest, metaOf(a.v))
  }
  return [...kept, { v: unk(rest), f: [] }]
}

/**
 * A builder that passed n optional steps has 2^n states. They are merged into the least and the most that the query can be, so
 * that what bounds it always is told apart from what bounds it sometimes.
 */
export function mergeBuilders(values: Value[]): Value[] {
  if (values.length <= MAX_BUILDERS) return values
  const groups = new Map<string, DomValue[]>()
  for (const v of values) {
    const key = v.t === 'dom' ? domains[v.d]?.origin?.(v) : undefined
    if (v.t !== 'dom' || key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(v)
    else groups.set(key, [v])
  }
  const merged = new Map<DomValue, Value[]>()
  for (const group of groups.values()) {
    const [first] = group
    if (!first || group.length <= 2) continue
    for (const v of group) merged.set(v, [])
    merged.set(first, domains[first.d]?.merge?.(group) ?? group)
  }
  return merged.size ? values.flatMap(v => (v.t === 'dom' ? (merged.get(v) ?? [v]) : [v])) : values
}

function addAlternatives(alts: Alternative[], v: Value): void {
  // A union that carries facts stays whole: flattening would lose what its alternatives prove.
  if (v.t === 'union' && !v.alts.some(a => a.f.length || a.k)) {
    for (const a of v.alts) addAlternatives(alts, a.v)
    return
  }
  if (!alts.some(x => sameShallow(x.v, v))) alts.push({ v, f: [] })
}

function sameShallow(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.t !== b.t) return false
  if (a.t === 'undef' || a.t === 'null') return true
  if ((a.t === 'str' || a.t === 'num') && (b.t === 'str' || b.t === 'num')) return a.v === b.v && a.m === b.m
  if (a.t === 'bool' && b.t === 'bool') return a.v === b.v
  if (a.t === 'unk' && b.t === 'unk') return a.m === b.m && a.wrapped === b.wrapped && a.held === b.held
  if (a.t === 'fn' && b.t === 'fn') return a.d === b.d && a.env === b.env
  if (a.t === 'ext' && b.t === 'ext') return a.pkg === b.pkg && a.path === b.path
  if (a.t === 'in' && b.t === 'in') return a.ref === b.ref && a.num === b.num
  if (a.t === 'union' && b.t === 'union')
    return (
      a.id === b.id && a.alts.every((x, i) => b.alts[i] !== undefined && sameShallow(x.v, (b.alts[i] as Alternative).v))
    )
  return false
}

const serials = new WeakMap<object, number>()
let nextSerial = 0

/** A number that is the same for the same object within this process (used in keys of memo tables only). */
export function serial(o: object): number {
  let n = serials.get(o)
  if (n === undefined) {
    n = ++nextSerial
    serials.set(o, n)
  }
  return n
}

/** Structural key of a value for memo tables; equal keys mean that a callee cannot tell the two apart. */
export function keyOf(v: Value, depth = 4): string {
  switch (v.t) {
    case 'unk':
      return `u${metaKey(v.m)}${v.held ? `h${keyOf(v.held, 1)}` : ''}${v.wrapped ? `w${v.wrapped.map(f => serial(f.d)).join('.')}` : ''}`
    case 'undef':
      return '_'
    case 'null':
      return 'n'
    case 'str':
      return v.v !== undefined && v.v.length < 80 ? `"${v.v}"${metaKey(v.m)}` : `s${metaKey(v.m)}`
    case 'num':
      return `#${v.v ?? ''}${metaKey(v.m)}`
    case 'bool':
      return `b${v.v ?? ''}`
    case 'fn':
      return `f${serial(v.d)}.${serial(v.env)}`
    case 'native':
      return `N${v.name}${serial(v)}`
    case 'ext':
      return `x${v.pkg}:${v.path}`
    case 'ns':
      return `m${serial(v.mod)}`
    case 'in':
      return `i${v.ref}${v.num ? '#' : ''}`
    case 'dom':
      return `d${v.d}${typeof v.s === 'object' && v.s !== null ? serial(v.s) : String(v.s)}${metaKey(v.m)}`
    case 'arr':
      return depth === 0
        ? 'a'
        : `a[${
            v.items
              ? v.items
                  .slice(0, 12)
                  .map(i => keyOf(i, depth - 1))
                  .join()
              : '*'
          }|${keyOf(v.e, depth - 1)}]${metaKey(v.m)}`
    case 'obj':
      return depth === 0
        ? `o${metaKey(metaOf(v, 2))}`
        : `o{${[...v.p]
            .slice(0, 24)
            .map(([k, x]) => `${k}:${keyOf(x, depth - 1)}`)
            .join()}${v.open ? ',…' : ''}}${metaKey(v.m)}`
    case 'union':
      return depth === 0 ? 'U' : `U(${v.alts.map(a => keyOf(a.v, depth - 1)).join('|')})`
  }
}

function metaKey(m: Meta | undefined): string {
  if (!m) return ''
  return `<${m.inp?.map(i => `${i.ref}${i.num ? '#' : ''}`).join('+') ?? ''}${m.caller ? '!i' : ''}${m.text ? '!t' : ''}${m.bounded ? '!b' : ''}${m.auth ? '!a' : ''}${m.session ? '!s' : ''}${m.credential ? '!c' : ''}${m.err?.join('') ?? ''}${m.errAt ? `@${m.errAt.file}:${m.errAt.line}` : ''}${m.rows?.join('.') ?? ''}${m.env ?? ''}>`
}

/** 't' always truthy, 'f' always falsy, 'm' either. */
export function truthiness(v: Value): 't' | 'f' | 'm' {
  switch (v.t) {
    case 'undef':
    case 'null':
      return 'f'
    case 'bool':
      return v.v === undefined ? 'm' : v.v ? 't' : 'f'
    case 'str':
      return v.v === undefined ? 'm' : v.v ? 't' : 'f'
    case 'num':
      return v.v === undefined ? 'm' : v.v ? 't' : 'f'
    case 'obj':
    case 'arr':
    case 'fn':
    case 'native':
    case 'ns':
    case 'dom':
      return 't'
    case 'union': {
      let seen: 't' | 'f' | 'm' | undefined
      for (const a of v.alts) {
        const t = a.k ?? truthiness(a.v)
        if (t === 'm') return 'm'
        if (seen && seen !== t) return 'm'
        seen = t
      }
      return seen ?? 'm'
    }
    default:
      return 'm'
  }
}
