import type { LeafEffect, LoopFrame } from './eval/effects.ts'
import type { CacheScope, Meta } from './eval/values.ts'
import type { AccessDraft, ClientRole, Operation } from './known/access.ts'
import type { Problem } from './workspace.ts'

export type { AccessDraft, CacheScope, ClientRole, LeafEffect, LoopFrame, Meta, Operation }

/** The app as its source tells it: routes, what each reaches, and what stands guard before it. Lines are 1-based, paths posix. */
export interface AppModel {
  apps: AppModelApp[]
  routes: RouteModel[]
  /** Everything that a caller can invoke: HTTP methods of handlers, server actions, tRPC procedures. */
  endpoints: Endpoint[]
  accesses: DataAccess[]
  /** Effects of modules when they are loaded: clients and pools made at module scope. */
  moduleEffects: ReachedEffect[]
  /** Effects of functions that no entry point reaches; their routes are not known. */
  unreached: ReachedEffect[]
  openLimiters: OpenLimiter[]
  conventions: Conventions
  stats: { files: number; reached: number; parsed: number; cached: number }
  /** Places that were given up because following them would take too long; each is among the problems. */
  unfollowed: number
  problems: Problem[]
}

export interface AppModelApp {
  root: string
  appDir: string
  next: string | null
  cacheComponents: boolean
  /** Built for a server of its own (`output: 'standalone'`), not for functions. */
  longLived: boolean
  dependencies: Record<string, string>
  proxy: ProxyModel | undefined
}

export interface ProxyModel {
  file: string
  line: number
  /** Patterns of `config.matcher`; undefined when there is none (it runs on every request). */
  matcher: string[] | undefined
  /** The matcher is there but cannot be read. */
  matcherUnknown: boolean
  ends: ReadonlySet<string>[]
  effects: ReachedEffect[]
}

export type RenderingMode = 'static' | 'isr' | 'dynamic' | 'partial' | 'unknown'

export interface RenderingReason {
  text: string
  file: string
  line: number
  /** What made it so: a request API, a segment option, a missing generateStaticParams, a data read. */
  cause:
    | 'request-api'
    | 'segment-config'
    | 'no-static-params'
    | 'no-store'
    | 'cache-lifetime'
    | 'handler-default'
    | 'search-params'
    | 'data'
}

export interface Rendering {
  mode: RenderingMode
  revalidateSeconds: number | null
  reasons: RenderingReason[]
}

export interface SegmentConfig {
  file: string
  /** 'page' and so on, as in RouteFiles.chain. */
  role: string
  name: string
  value: string | number | boolean | null | undefined
  line: number
}

export interface RouteModel {
  app: string
  path: string
  kind: 'page' | 'handler' | 'proxy'
  /** Metadata files (sitemap, icons) are handlers to the outside. */
  metadata: boolean
  file: string
  line: number
  methods: string[]
  /** `guarded`: it lets only signed-in callers through (redirects or throws otherwise). */
  chain: { file: string; role: string; client: boolean; guarded: boolean }[]
  dynamicSegments: string[]
  staticParams: boolean
  /** A metadata image with generateImageMetadata. */
  imageMetadata?: boolean
  config: SegmentConfig[]
  rendering: Rendering
  /** What rendering it (or answering a request) does, layouts included. */
  effects: ReachedEffect[]
  /** Facts at the ends of its server components or handlers. */
  ends: ReadonlySet<string>[]
  /** Server actions that its components refer to: "file:line". */
  actions: string[]
}

export interface ReachedEffect {
  effect: LeafEffect
  /** Everything that is known where it happens: guards that came before it on every path. */
  facts: ReadonlySet<string>
  loops: readonly LoopFrame[]
  /** The place in the function that has the innermost loop: where a person would edit an N+1. */
  anchor: { file: string; line: number }
  /** Line of the entry file's own code that leads to it (the effect's own when it stands there). */
  origin: { file: string; line: number }
  client: boolean
  cache: CacheScope | undefined
  /** Role of the chain file for pages (layout, page…). */
  role?: string
  /** File of the chain that leads to it. */
  via?: string
}

export interface Endpoint {
  app: string
  kind: 'handler' | 'action' | 'procedure'
  /** URL path of a handler; "" for the others. */
  path: string
  name: string
  file: string
  line: number
  endLine: number
  /** Paths of routes from which it can be called (its own for handlers). */
  routes: string[]
  effects: ReachedEffect[]
  /** What it returns to the caller: a server action's result reaches the browser as it is. */
  returns: { meta: Meta | undefined; line: number; endLine: number; facts: ReadonlySet<string>; file: string }[]
  /** The handler is inside code that cannot be seen (a wrapper of an unknown package): its guards are undecided. */
  opaque: boolean
  /** Parameters it declares (0: takes no input from its caller). */
  parameters: number
  /** Their names; a destructured object is "". */
  parameterNames: string[]
}

export interface DataAccess {
  id: string
  file: string
  line: number
  endLine: number
  client: AccessDraft['client']
  role: ClientRole
  schema: string | undefined
  table: string | null
  rpc: string | null
  operation: Operation
  /** Every shape in which the place runs; one per call context that differs. */
  shapes: AccessDraft[]
  inLoop: boolean
  /** Runs in the browser only. */
  browser: boolean
  /** Paths of the routes that reach it, sorted. */
  routes: string[]
}

/** A limiter that lets callers through when it cannot tell. */
export interface OpenLimiter {
  file: string
  line: number
  name: string
  when: 'error' | 'not-configured'
}

export interface Conventions {
  /** Name of the result type or shape that actions return, when most do ("{ success, error }"). */
  actionResult?: string
  validation?: string
  /** Module that makes the server client. */
  serverClient?: string
  rateLimit?: string
  tests?: string
  formatter?: string
}
