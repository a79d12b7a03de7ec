import type { Effect } from './eval/effects.ts'
import { execBlock } from './eval/exec.ts'
import { settleValue } from './eval/expr.ts'
import { callValue, invokeInLoop, push } from './eval/invoke.ts'
import { addFacts, cleanValue, type Loader, type Machine, makeUnion, NO_FACTS } from './eval/machine.ts'
import { getMember } from './eval/members.ts'
import { type ModuleContext, newEnv } from './eval/scope.ts'
import type { CacheScope, Emitted, Value } from './eval/values.ts'
import { UNDEF } from './eval/values.ts'
import { attempt, STEP_LIMIT } from './follow.ts'
import { intlConfigOf } from './intl.ts'
import type { ModuleIR } from './ir.ts'
import type { AppInfo, Workspace } from './workspace.ts'

/** Interprets the modules of one workspace. */
export function createMachine(workspace: Workspace, modules: Map<string, ModuleIR>): Machine {
  const contexts = new Map<string, ModuleContext>()
  const owner = appOwner(workspace.apps)
  /** next-intl's plugin gives the app's request configuration this name. */
  const intlConfig = (from: string, spec: string) => {
    if (spec !== 'next-intl/config') return undefined
    const app = workspace.apps.find(a => a.root === owner(from))
    const path = app && intlConfigOf(workspace, app)
    return path === undefined ? undefined : ({ kind: 'file', path } as const)
  }
  const nowhere = moduleContext('', { imports: [], exports: [], stars: [], effects: [], body: [], lines: 0 }, undefined)
  const loader: Loader = {
    load: file => load(m, file, contexts, modules, owner),
    resolve: (from, spec) => intlConfig(from, spec) ?? workspace.resolve(from, spec),
    version: (app, pkg) => workspace.apps.find(a => a.root === app)?.dependencies[pkg] ?? '',
    ir: file => modules.get(file),
  }
  const m: Machine = {
    path: { facts: NO_FACTS, live: true },
    frame: frameOf(nowhere),
    loader,
    client: false,
    cache: undefined,
    depth: 0,
    steps: 0,
    stepLimit: STEP_LIMIT,
    rounds: 0,
    cut: [],
    line: 0,
    stack: [],
    logs: [],
    unions: new Map(),
    memo: new Map(),
    contexts: new Map(),
    running: new Map(),
    ids: 0,
    found: [],
    procedures: [],
    foundSet: new Set(),
    drafts: [],
    visited: new Set(),
    loading: false,
    deferred: new Set(),
    contextVersion: 0,
    branch: 0,
    branches: 0,
    mutations: 0,
    lastSummary: undefined,
    importing: new Set(),
    closureEnvs: new WeakSet(),
    invoke: (fn, args, call) => callValue(m, fn, args, call),
    invokeInLoop: (fn, args, call, kind) => invokeInLoop(m, fn, args, call, kind),
    settle: (v, at) => settleValue(m, v, { ...at, rt: m }),
    emit: e => emit(m, e),
    fact: (...facts) => addFacts(m, facts),
    facts: () => m.path.facts,
    throws: (v, facts) => {
      m.frame.thrown.push({ v, f: new Set([...m.path.facts, ...(facts ?? [])]), line: 0, endLine: 0 })
    },
    never: () => {
      m.path = { facts: m.path.facts, live: false }
      return UNDEF
    },
    union: alts => makeUnion(m, alts),
    get: (v, property, call) => getMember(m, v, property, call.line),
    isClient: () => m.client,
    inFunction: () => m.stack.length > 0,
    inCache: (scope, body) => inCache(m, scope, body),
    nextId: () => ++m.ids,
    version: pkg => loader.version(m.frame.mod.app, pkg),
    clean: v => cleanValue(m, v),
  }
  return m
}

export function frameOf(mod: ModuleContext): Machine['frame'] {
  return { mod, returns: [], thrown: [], effects: [], loops: [], breaks: [], fn: undefined, later: [] }
}

function inCache<T>(m: Machine, scope: CacheScope, body: () => T): T {
  const outer = m.cache
  m.cache = scope
  try {
    return body()
  } finally {
    m.cache = outer
  }
}

function emit(m: Machine, e: Emitted): void {
  if (!m.path.live) return
  const base = { facts: m.path.facts, loops: m.frame.loops, client: m.client, ...(m.cache ? { cache: m.cache } : {}) }
  // Request getters do not know where they are read.
  const at = e.file ? {} : { file: m.frame.mod.file, line: m.line || (m.frame.fn?.d.l ?? 1) }
  // The same object, so that what is learnt later (a race against a timer) reaches it.
  push(m, Object.assign(e, at, base) as unknown as Effect)
}

function moduleContext(file: string, ir: ModuleIR, app: string | undefined): ModuleContext {
  return {
    file,
    ir,
    env: newEnv(undefined),
    state: 'new',
    effects: [],
    client: ir.dir === 'use client',
    serverActions: ir.dir === 'use server',
    app,
  }
}

/** Runs a module's top level when it is first imported. Circular imports see what is there so far, as in the real thing. */
function load(
  m: Machine,
  file: string,
  contexts: Map<string, ModuleContext>,
  modules: Map<string, ModuleIR>,
  owner: (file: string) => string | undefined,
): ModuleContext | undefined {
  const known = contexts.get(file)
  if (known) return known
  const ir = modules.get(file)
  if (!ir) return undefined
  const mod = moduleContext(file, ir, owner(file))
  contexts.set(file, mod)
  const outer = {
    frame: m.frame,
    path: m.path,
    client: m.client,
    logs: m.logs,
    stack: m.stack,
    depth: m.depth,
    cache: m.cache,
    loading: m.loading,
    branch: m.branch,
  }
  m.frame = frameOf(mod)
  m.path = { facts: NO_FACTS, live: true }
  m.client = mod.client
  m.logs = []
  m.stack = []
  m.depth = 0
  m.cache = undefined
  m.loading = true
  m.branch = ++m.branches
  mod.state = 'running'
  attempt(m, file, () => execBlock(m, ir.body, mod.env))
  mod.state = 'done'
  mod.effects = m.frame.effects
  Object.assign(m, outer)
  return mod
}

function appOwner(apps: readonly AppInfo[]): (file: string) => string | undefined {
  const roots = apps.map(a => a.root).sort((a, b) => b.length - a.length)
  return file => roots.find(r => r === '.' || file.startsWith(`${r}/`)) ?? roots[0]
}

export type { Value }
