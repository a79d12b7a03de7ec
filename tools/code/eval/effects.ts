import type { AccessDraft } from '../known/access.ts'
import type { CacheScope, LoopKind, Meta } from './values.ts'

export interface LoopFrame {
  kind: LoopKind
  file: string
  line: number
}

interface EffectBase {
  file: string
  line: number
  /** Facts that hold where it happens, relative to the function's entry. */
  facts: ReadonlySet<string>
  /** Loops around it inside its function, outermost first. */
  loops: readonly LoopFrame[]
  client: boolean
  cache?: CacheScope
}

export interface AccessEffect extends EffectBase {
  k: 'access'
  draft: AccessDraft
}

export interface ExternalEffect extends EffectBase {
  k: 'external'
  endLine: number
  /** "fetch", "openai", "stripe"… */
  what: string
  /** http for a request to a URL, sdk for a client library's call. */
  kind: 'http' | 'sdk'
  host: string | undefined
  method: string
  timeout: 'yes' | 'no' | 'unknown'
  /** Costs money or reputation per call: llm, email, sms. */
  cost?: 'llm' | 'email' | 'sms'
  own: boolean
  /** URL path of a request to the app itself; U+0001 stands for parts that are not known. */
  path?: string | undefined
  urlMeta?: Meta
  /** What goes out with it. */
  payload?: Meta | undefined
}

export interface DynamicEffect extends EffectBase {
  k: 'dynamic'
  api: string
  /** A fact under which it does not happen. */
  unless?: string
}

export interface FetchCacheEffect extends EffectBase {
  k: 'fetch-cache'
  revalidate: number | false | undefined
  noStore: boolean
  /** The library that fetches, when it is not the app's own code. */
  by?: string
  /** It says so by `revalidate: 0` alone. */
  zero?: true
}

export interface CacheEffect extends EffectBase {
  k: 'cache'
  scope: CacheScope
}

export interface SessionEffect extends EffectBase {
  k: 'session'
  api: 'getUser' | 'getSession' | 'getClaims' | 'other'
  network: boolean
  role: string
}

export interface RespondEffect extends EffectBase {
  k: 'respond'
  endLine: number
  meta: Meta | undefined
  status: number | undefined
  cacheControl: string | undefined
  /** A redirect: what is known is its address. */
  away?: true
}

export interface LimitEffect extends EffectBase {
  k: 'limit'
  what: string
  failOpen?: string
}

export interface PlainEffect extends EffectBase {
  k:
    | 'sign-in'
    | 'raw-sql'
    | 'pool'
    | 'client'
    | 'action-ref'
    | 'branch-open'
    | 'unknown-call'
    | 'auth-write'
    | 'use-session'
    | 'cookie-set'
    | 'swallow'
    | 'props'
    | 'shown-error'
  data: Record<string, unknown>
}

/** A call to a function with its own summary. */
export interface CallEffect extends EffectBase {
  k: 'call'
  summary: Summary
  /** The callee is the body of a loop (a callback of map, forEach…). */
  iterates?: boolean
  /** It runs at another time: a handler or an effect. */
  later?: boolean
}

export type LeafEffect =
  | AccessEffect
  | ExternalEffect
  | DynamicEffect
  | FetchCacheEffect
  | CacheEffect
  | SessionEffect
  | RespondEffect
  | LimitEffect
  | PlainEffect

export type Effect = LeafEffect | CallEffect

export interface Return {
  v: import('./values.ts').Value
  f: ReadonlySet<string>
  line: number
  endLine: number
}

/** What a function does for one shape of arguments. */
export interface Summary {
  file: string
  name: string | undefined
  returns: Return[]
  thrown: Return[]
  effects: Effect[]
}
