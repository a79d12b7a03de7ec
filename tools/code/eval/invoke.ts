import { builtinMethod } from '../known/builtins.ts'
import { domains } from '../known/domains.ts'
import { handsOnOptions } from '../known/http.ts'
import { callExternal, renderExternal } from '../known/registry.ts'
import type { CallEffect, Effect, Return, Summary } from './effects.ts'
import { bind, execBlock } from './exec.ts'
import { evaluate, settleValue } from './expr.ts'
import {
  alternativesOf,
  type Frame,
  fork,
  intersect,
  joinArms,
  type Machine,
  makeUnion,
  NO_FACTS,
  resolveValue,
  validFacts,
} from './machine.ts'
import { getMember } from './members.ts'
import { type ModuleContext, newEnv } from './scope.ts'
import type { Alternative, CacheScope, Call, FnValue, LoopKind, Meta, Value } from './values.ts'
import { FALSE, joinMeta, joinValues, keyOf, mergeBuilders, metaOf, serial, TRUE, UNDEF, UNK, unk } from './values.ts'

const MAX_DEPTH = 48
/** Argument shapes per function before its arguments are generalised. */
const MAX_CONTEXTS = 40
/** Functions that one call may reach: tables of handlers are long. */
const MAX_CALLEES = 100

export function callValue(m: Machine, f: Value, args: Value[], call: Call): Value {
  const target = resolveValue(m, f)
  switch (target.t) {
    case 'fn':
      return invokeFunction(m, target, args, call)
    case 'native':
      return target.call({ ...call, args })
    case 'ext':
      return callExternal(m, target, args, call)
    case 'dom': {
      const handled = domains[target.d]?.call?.(target, args, call)
      if (handled) return handled
      return callUnknown(m, args, call, target.m)
    }
    case 'union': {
      const callable = alternativesOf(m, target).filter(x => x.t !== 'null' && x.t !== 'undef')
      if (callable.length === 0) return UNDEF
      return joinArms(
        m,
        callable.slice(0, MAX_CALLEES).map(x => () => callValue(m, x, args, call)),
      )
    }
    case 'obj':
      // Calling an error (a name that shadows a helper) throws.
      if (target.cls && !target.open) {
        m.throws(UNK)
        return m.never()
      }
      return callUnknown(m, args, call, metaOf(target))
    default:
      return callWrapped(m, target, args, call) ?? callUnknown(m, args, call, metaOf(target))
  }
}

/** A function that was handed to unknown code while its module loaded (a store, a wrapped handler): calling the result runs it. */
function callWrapped(m: Machine, target: Value, args: Value[], call: Call): Value | undefined {
  const waiting = target.t === 'unk' ? target.wrapped?.filter(f => m.deferred.has(f)) : undefined
  if (!waiting?.length || m.loading) return undefined
  for (const f of waiting) {
    fork(m, [
      () => {
        const result = invokeFunction(m, f, args, call, true)
        if (result.t === 'obj') handOver(m, result, call, 1)
      },
      () => undefined,
    ])
  }
  return callUnknown(m, args, call, metaOf(target))
}

export function invokeMethod(m: Machine, self: Value, name: string, args: Value[], call: Call): Value {
  const target = resolveValue(m, self)
  const answer = args.length === 0 ? tested(target, name) : undefined
  if (answer) return answer
  if (target.t === 'union') {
    const callable = mergeBuilders(alternativesOf(m, target).filter(x => x.t !== 'null' && x.t !== 'undef'))
    if (callable.length === 0) return UNDEF
    return joinArms(
      m,
      callable.slice(0, MAX_CALLEES).map(x => () => invokeMethod(m, x, name, args, { ...call, self: x })),
    )
  }
  if (target.t === 'dom') {
    const handler = domains[target.d]
    const handled = handler?.method?.(target, name, args, call)
    if (handled) return handled
    const property = handler?.get?.(target, name, m)
    if (property && property.t !== 'unk') return callValue(m, property, args, call)
  }
  if (target.t === 'obj') {
    const own = target.p.get(name)
    if (own) return callValue(m, own, args, call)
  }
  if (target.t === 'ns' || target.t === 'ext' || target.t === 'native' || target.t === 'fn') {
    const v = getMember(m, target, name, call.line)
    if (v.t !== 'undef' && v.t !== 'unk') return callValue(m, v, args, call)
  }
  // `result.andThen(next)`: the callback gets what the result holds. A held list is iterated like any other.
  if (target.t === 'unk' && target.held && target.held.t !== 'arr' && args.some(a => a.t === 'fn'))
    return callUnknown(m, args, call, target.m, target.held)
  return (
    builtinMethod(m, target, name, args, call) ??
    callWrapped(m, target, args, call) ??
    callUnknown(m, args, call, metaOf(target))
  )
}

/** `result.isErr()`: the answers stay tied to the alternatives that give them. */
function tested(v: Value, name: string): Value | undefined {
  if (v.t === 'dom') return domains[v.d]?.test?.(v, name)
  if (v.t !== 'union') return undefined
  const alts: Alternative[] = []
  for (const a of v.alts) {
    const answer = tested(a.v, name)
    if (!answer) return undefined
    alts.push({ v: answer, f: a.f })
  }
  return { t: 'union', id: v.id, alts }
}

/** Code that cannot be seen: functions handed to it may run, and what goes in may come out. */
export function callUnknown(m: Machine, args: Value[], call: Call, own?: Meta, held?: Value): Value {
  if (!m.client && args.length > 0) handsOnOptions(call, args)
  let meta = own
  let inside = held
  const wrapped: FnValue[] = []
  for (const [i, a] of args.entries()) {
    meta = joinMeta(meta, metaOf(a))
    if (a.t === 'fn') wrapped.push(a)
    else if (a.t === 'unk' && a.wrapped) wrapped.push(...a.wrapped)
    if (a.t === 'fn' && held && !m.loading)
      inside =
        fork<Value | undefined>(m, [() => invokeFunction(m, a, [held], call, true), () => undefined])[0] ?? inside
    else if (i === 0 && !held && holdable(a)) inside = settleValue(m, a, { file: call.file, line: call.line, rt: m })
    else handOver(m, a, call)
  }
  const result = unk(meta)
  if (result.t !== 'unk' || (!inside && wrapped.length === 0)) return result
  const kept = inside?.t === 'unk' ? inside.held : inside
  return { ...result, ...(wrapped.length ? { wrapped } : {}), ...(kept && kept.t !== 'undef' ? { held: kept } : {}) }
}

/** Clients, queries and results: what a result or effect type hands to the next step. */
function holdable(v: Value): boolean {
  return v.t === 'dom' ? domains[v.d]?.bound === true : v.t === 'union' && v.alts.some(a => a.f.length > 0)
}

/** Columns of tables and the like hold functions far inside. */
export const PROPS_DEPTH = 5

/** Functions inside the value may be called later, by code that is not known. */
export function handOver(m: Machine, v: Value, call: Call, depth = 2): void {
  if (v.t === 'fn') {
    if (isServerAction(v) && (m.client || v.d.dir === 'use server' || v.mod.serverActions)) {
      referAction(m, v, call)
      return
    }
    if (m.loading) {
      m.deferred.add(v)
      return
    }
    const run = () => fork(m, [() => invokeFunction(m, v, [], { ...call, later: true }, true), () => UNDEF])
    // In components these are handlers and effects: they may use what is declared after them.
    if (m.client && m.frame.fn && v.env !== v.mod.env) runAfter(m, run)
    else run()
    return
  }
  if (v.t === 'native') {
    if (v.action && m.client) referTo(m, v.action, call)
    else if (v.app && !m.loading) fork(m, [() => v.call({ ...call, args: [] }), () => UNDEF])
    return
  }
  if (v.t === 'dom') {
    const handler = domains[v.d]
    // A query handed to unknown code (a data library) will be executed by it.
    if (handler?.settle && handler.escapes)
      fork(m, [() => handler.settle?.(v, { file: call.file, line: call.line, rt: m }), () => undefined])
    return
  }
  if (depth === 0) return
  if (v.t === 'obj') for (const x of v.p.values()) handOver(m, x, call, depth - 1)
  else if (v.t === 'arr') for (const x of v.items ?? [v.e]) handOver(m, x, call, depth - 1)
  else if (v.t === 'union') for (const a of v.alts) handOver(m, a.v, call, depth - 1)
}

export function isServerAction(f: FnValue): boolean {
  return f.d.dir === 'use server' || (f.mod.serverActions && f.env === f.mod.env)
}

function referAction(m: Machine, f: FnValue, call: Call): void {
  referTo(m, { file: f.mod.file, line: f.d.l }, call)
}

function referTo(m: Machine, action: { file: string; line: number }, call: Call): void {
  m.emit({ k: 'action-ref', file: call.file, line: call.line, data: action })
}

/**
 * What a 'use server' module exports, as other modules see it: in the browser calling it is a request to the server. Plain
 * functions of the module carry that themselves; this is for results of wrappers and procedure builders.
 */
export function actionValue(m: Machine, v: Value, mod: ModuleContext, line: number): Value {
  if (v.t === 'fn' ? isServerAction(v) : v.t !== 'native' && !(v.t === 'unk' && v.wrapped)) return v
  const action = { file: mod.file, line }
  return {
    t: 'native',
    name: `${mod.file}:${line}`,
    action,
    app: true,
    call: call => {
      if (!m.client) return callValue(m, v, call.args, call)
      referTo(m, action, call)
      for (const a of call.args) handOver(m, a, call)
      return unk({})
    },
  }
}

/** Runs something in the state of now when the function that is running has ended. */
export function runAfter(m: Machine, body: () => void): void {
  const { path, frame, cache, client } = m
  const { loops, thrown } = frame
  frame.later.push(() => {
    Object.assign(m, { path, cache, client })
    frame.loops = loops
    const outer = frame.thrown
    frame.thrown = thrown
    body()
    frame.thrown = outer
  })
}

export function runLater(m: Machine): void {
  const { path, cache, client, frame } = m
  for (let next = frame.later.shift(); next; next = frame.later.shift()) next()
  Object.assign(m, { path, cache, client })
  frame.loops = []
}

export function renderComponent(m: Machine, component: Value, props: Value, call: Call): void {
  const target = resolveValue(m, component)
  if (target.t === 'fn') {
    invokeFunction(m, target, [general(props)], call)
    if (props.t === 'obj')
      for (const [k, v] of props.p) if ((v.t === 'fn' || v.t === 'native') && k !== 'children') handOver(m, v, call)
    return
  }
  if (target.t === 'ext') renderExternal(m, target, props, call)
  if (target.t === 'native') {
    target.call({ ...call, args: [props] })
    return
  }
  if (target.t === 'union') {
    for (const x of alternativesOf(m, target).slice(0, MAX_CALLEES)) renderComponent(m, x, props, call)
    return
  }
  handOver(m, props, call, PROPS_DEPTH)
}

/** Literals in props make no difference to what a component reads; dropping them keeps the number of contexts small. */
function general(props: Value): Value {
  if (props.t !== 'obj') return props
  const p = new Map<string, Value>()
  for (const [k, v] of props.p) {
    if (v.t === 'str' || v.t === 'num' || v.t === 'bool') p.set(k, unk(metaOf(v)))
    else if (v.t === 'dom' && v.d === 'element') p.set(k, UNK)
    else if (v.t === 'obj' || v.t === 'arr' || v.t === 'union') p.set(k, holdsBehaviour(v) ? v : unk(metaOf(v)))
    else p.set(k, v)
  }
  return { t: 'obj', p, open: true }
}

/** What a value may become when it changes over time (React state): anything, but its functions and clients stay. */
export function generalised(v: Value): Value {
  if (!holdsBehaviour(v)) return unk(metaOf(v))
  if (v.t === 'obj')
    return {
      t: 'obj',
      p: new Map([...v.p].map(([k, x]) => [k, generalised(x)])),
      open: true,
      ...(v.m ? { m: v.m } : {}),
    }
  if (v.t === 'arr')
    return { t: 'arr', e: generalised(v.items?.length ? v.items.reduce((a, b) => joinValues(a, b, () => 0)) : v.e) }
  return v
}

function holdsBehaviour(v: Value, depth = 3): boolean {
  if (v.t === 'fn' || v.t === 'ns' || v.t === 'native' || v.t === 'ext') return true
  if (v.t === 'dom') return v.d !== 'element'
  if (depth === 0) return false
  if (v.t === 'obj') return [...v.p.values()].some(x => holdsBehaviour(x, depth - 1))
  if (v.t === 'arr') return (v.items ?? []).some(x => holdsBehaviour(x, depth - 1)) || holdsBehaviour(v.e, depth - 1)
  if (v.t === 'union') return v.alts.some(a => holdsBehaviour(a.v, depth - 1))
  return false
}

export function invokeFunction(m: Machine, f: FnValue, given: Value[], call: Call, unknownArgs = false): Value {
  const args = f.bound ? [...f.bound, ...given] : given
  if (m.client && isServerAction(f)) {
    referAction(m, f, call)
    for (const a of args) handOver(m, a, call)
    return unk({})
  }
  const shared = f.env === f.mod.env && !f.self
  let recursion = 0
  for (const s of m.stack) if (s.d === f.d) recursion++
  if (m.depth > MAX_DEPTH || recursion > (shared ? 0 : 1)) {
    const key = shared ? running(m, f) : undefined
    if (key) {
      key.hit = true
      if (key.summary) return apply(m, f, key.summary, call, true)
    }
    return unk(args.reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), undefined))
  }
  const result = apply(m, f, summarise(m, f, args, shared, unknownArgs), call, shared)
  // A type guard of the app's own: its truth says that the value was looked through.
  const guarded = f.d.guard && args[0] ? validFacts(args[0]) : []
  return guarded.length
    ? makeUnion(m, [
        { v: TRUE, f: guarded },
        { v: FALSE, f: [] },
      ])
    : result
}

function running(m: Machine, f: FnValue): { hit: boolean; summary: Summary | undefined } | undefined {
  return m.running.get(String(serial(f.d)))
}

/**
 * The summary of a function for these arguments. Functions of module scope are summarised once per shape of arguments; a function
 * that calls itself is run again with its own first summary until that no longer matters (two rounds).
 */
export function summarise(m: Machine, f: FnValue, args: Value[], shared: boolean, unknownArgs: boolean): Summary {
  m.visited.add(f.d)
  if (!shared) return run(m, f, args, m.path.facts, unknownArgs)
  const client = m.client || f.mod.client
  let given = args
  let key = memoKey(f, given, client, m)
  const known = m.memo.get(key)
  if (known) return known
  const contexts = m.contexts.get(f.d) ?? 0
  if (contexts >= MAX_CONTEXTS) {
    given = args.map(a => (holdsBehaviour(a) ? a : unk(metaOf(a))))
    key = memoKey(f, given, client, m)
    const general = m.memo.get(key)
    if (general) return general
    if (contexts >= MAX_CONTEXTS * 3) {
      given = []
      key = memoKey(f, given, client, m)
      const last = m.memo.get(key)
      if (last) return last
    }
  }
  m.contexts.set(f.d, contexts + 1)
  const id = String(serial(f.d))
  const state = { hit: false, summary: undefined as Summary | undefined }
  const outer = m.running.get(id)
  m.running.set(id, state)
  let summary = run(m, f, given, NO_FACTS, unknownArgs)
  if (state.hit) {
    state.summary = summary
    summary = run(m, f, given, NO_FACTS, unknownArgs)
  }
  if (outer) m.running.set(id, outer)
  else m.running.delete(id)
  // Half of what a function does is not what it does: others find out for themselves.
  if (m.steps <= m.stepLimit) m.memo.set(key, summary)
  return summary
}

function memoKey(f: FnValue, args: Value[], client: boolean, m: Machine): string {
  return `${serial(f.d)}${client ? `c${m.contextVersion}` : 's'}${m.cache ? `${m.cache.kind}${m.cache.file}:${m.cache.line}${m.cache.keyed}` : ''}(${args.map(a => keyOf(a)).join()})`
}

function run(m: Machine, f: FnValue, args: Value[], facts: ReadonlySet<string>, unknownArgs: boolean): Summary {
  const outer = { frame: m.frame, path: m.path, client: m.client, logs: m.logs, cache: m.cache }
  const frame: Frame = { mod: f.mod, returns: [], thrown: [], effects: [], loops: [], breaks: [], fn: f, later: [] }
  m.frame = frame
  m.path = { facts, live: true }
  m.client = m.client || f.mod.client
  if (isServerAction(f)) m.client = false
  // Closures write to variables of the functions around them: those writes stay in the callers' logs.
  const { branch } = m
  if (f.env === f.mod.env) {
    m.logs = []
    m.branch = ++m.branches
  }
  m.depth++
  m.stack.push(f)
  const dir = f.d.dir ?? (f.mod.ir.dir?.startsWith('use cache') ? f.mod.ir.dir : undefined)
  if (dir?.startsWith('use cache')) {
    m.cache = {
      kind: dir === 'use cache: private' ? 'use-cache-private' : 'use-cache',
      file: f.mod.file,
      line: f.d.l,
      keyed: true,
      ...(outer.cache?.kind === 'use-cache' ? { within: outer.cache } : {}),
    }
    m.emit({ k: 'cache', file: f.mod.file, line: f.d.l, scope: m.cache })
  }
  const env = newEnv(f.env, f.self)
  f.d.p.forEach((p, i) => {
    let v: Value = p.rest
      ? {
          t: 'arr',
          items: args.slice(i),
          e: args.slice(i).reduce<Value>((a, b) => joinValues(a, b, () => ++m.ids), UNK),
        }
      : (args[i] ?? (unknownArgs ? UNK : UNDEF))
    if (p.d && (v.t === 'undef' || v.t === 'unk' || v.t === 'in'))
      v = v.t === 'undef' ? evaluate(m, p.d, env) : joinValues(v, evaluate(m, p.d, env), () => ++m.ids)
    bind(m, p.t, v, env, true)
  })
  execBlock(m, f.d.b, env)
  if (m.path.live) frame.returns.push({ v: UNDEF, f: m.path.facts, line: f.d.el, endLine: f.d.el })
  runLater(m)
  m.stack.pop()
  m.depth--
  m.frame = outer.frame
  m.path = outer.path
  m.client = outer.client
  m.logs = outer.logs
  m.branch = branch
  const scope = m.cache
  m.cache = outer.cache
  for (const r of frame.returns) r.v = prune(m, r.v, r.f, new Map())
  const summary: Summary = {
    file: f.mod.file,
    name: f.d.n,
    returns: frame.returns,
    thrown: frame.thrown,
    effects: frame.effects,
  }
  if (dir?.startsWith('use cache') && scope)
    for (const e of swallowed(summary, scope))
      frame.effects.push({ ...e, facts: NO_FACTS, loops: [], client: m.client, cache: scope } as Effect)
  return summary
}

/** Drops the alternatives that the path to a return has ruled out, so that the value means the same outside the function. */
function prune(m: Machine, v: Value, facts: ReadonlySet<string>, ids: Map<number, number>, depth = 4): Value {
  if (depth === 0) return v
  if (v.t === 'union') {
    const alive = v.alts.filter((_, i) => !facts.has(`x:${v.id}:${i}`))
    if (alive.length === 1 && alive[0]) return prune(m, alive[0].v, facts, ids, depth - 1)
    if (alive.length === v.alts.length || alive.length === 0) return v
    let id = ids.get(v.id)
    if (id === undefined) {
      id = ++m.ids
      ids.set(v.id, id)
      if (m.unions.has(v.id)) m.unions.set(id, alive)
    }
    return { t: 'union', id, alts: alive.map(a => ({ ...a, v: prune(m, a.v, facts, ids, depth - 1) })) }
  }
  if (v.t === 'obj' && [...v.p.values()].some(x => x.t === 'union')) {
    const p = new Map<string, Value>()
    for (const [k, x] of v.p) p.set(k, x.t === 'union' ? prune(m, x, facts, ids, depth - 1) : x)
    return { ...v, p }
  }
  return v
}

/** A cached function that returns although its read failed: the failure is stored like a result. */
function swallowed(
  s: Summary,
  scope: CacheScope,
): { k: 'swallow'; file: string; line: number; data: Record<string, unknown> }[] {
  return s.returns
    .filter(r => r.f.has('db-failed') || holdsFailure(r.v))
    .map(r => ({ k: 'swallow', file: s.file, line: r.line, data: { scopeFile: scope.file, scopeLine: scope.line } }))
}

export function noteSwallowed(m: Machine, scope: CacheScope, s: Summary | undefined): void {
  if (s) for (const e of swallowed(s, scope)) m.emit(e)
}

function holdsFailure(v: Value, depth = 3): boolean {
  if (depth === 0) return false
  if (v.t === 'union') return v.alts.some(a => a.f.includes('db-failed') || holdsFailure(a.v, depth - 1))
  if (v.t === 'obj') return [...v.p.values()].some(x => holdsFailure(x, depth - 1))
  return false
}

/** Brings what a function does into its caller: effects, exceptions, and the alternatives of what it returns. */
function apply(m: Machine, _f: FnValue, s: Summary, call: Call, shared: boolean): Value {
  m.lastSummary = s
  if (s.effects.length)
    push(m, {
      k: 'call',
      summary: s,
      ...(call.iterates ? { iterates: true } : {}),
      ...(call.later ? { later: true } : {}),
      ...at(m, call),
    })
  if (s.thrown.length) m.frame.thrown.push(...s.thrown.slice(0, 8).map(t => ({ ...t, f: m.path.facts })))
  if (s.returns.length === 0) {
    m.path = { facts: m.path.facts, live: false }
    return UNDEF
  }
  const base = m.path.facts
  // Ids inside a shared summary are made new for every call: two calls of one function are not correlated.
  const gained = (r: Return) => [...r.f].filter(x => !base.has(x) && !(shared && x.startsWith('x:')))
  const fresh = new Map<number, number>()
  const alts: Alternative[] = mergeReturns(
    m,
    s.returns.map(r => ({ v: shared ? freshen(m, r.v, fresh) : r.v, f: gained(r) })),
  )
  return makeUnion(m, alts)
}

function freshen(m: Machine, v: Value, ids: Map<number, number>, depth = 4): Value {
  if (depth === 0) return v
  if (v.t === 'union') {
    let id = ids.get(v.id)
    if (id === undefined) {
      id = ++m.ids
      ids.set(v.id, id)
    }
    const alts = v.alts.map(a => ({
      ...a,
      v: freshen(m, a.v, ids, depth - 1),
      f: a.f.filter(x => !x.startsWith('x:')),
    }))
    if (m.unions.has(v.id)) m.unions.set(id, alts)
    return { t: 'union', id, alts }
  }
  if (v.t === 'obj') {
    const p = new Map<string, Value>()
    for (const [k, x] of v.p) p.set(k, x.t === 'union' || x.t === 'obj' ? freshen(m, x, ids, depth - 1) : x)
    return { ...v, p }
  }
  return v
}

/** Keeps the number of alternatives small without losing the distinctions that guards rest on. */
function mergeReturns(m: Machine, alts: Alternative[]): Alternative[] {
  if (alts.length <= 8) return alts
  const groups = new Map<string, Alternative>()
  for (const a of alts) {
    const shape = `${keyOf(a.v, 1).slice(0, 60)}|${a.f
      .filter(x => !x.startsWith('x:'))
      .sort()
      .join()}`
    const old = groups.get(shape)
    if (!old) groups.set(shape, a)
    else groups.set(shape, { v: joinValues(old.v, a.v, () => ++m.ids), f: old.f.filter(x => a.f.includes(x)) })
  }
  const merged = [...groups.values()]
  if (merged.length <= 16) return merged
  const rest = merged.slice(15)
  return [
    ...merged.slice(0, 15),
    {
      v: unk(rest.reduce<Meta | undefined>((x, a) => joinMeta(x, metaOf(a.v)), undefined)),
      f: [...intersect(rest.map(a => new Set(a.f)))],
    },
  ]
}

export function at(
  m: Machine,
  call: { file: string; line: number },
): Pick<CallEffect, 'file' | 'line' | 'facts' | 'loops' | 'client' | 'cache'> {
  return {
    file: m.frame.mod.file,
    line: call.line,
    facts: m.path.facts,
    loops: m.frame.loops,
    client: m.client,
    ...(m.cache ? { cache: m.cache } : {}),
  }
}

/** Repetitions follow closely (calls in lists of components); looking further back costs more than it saves. */
function lately(list: Effect[]): Effect[] {
  return list.length > 24 ? list.slice(-24) : list
}

export function push(m: Machine, e: Effect): void {
  if (!m.path.live) return
  const list = m.frame.effects
  // The same call again under the same conditions adds nothing.
  if (
    e.k === 'call' &&
    lately(list).some(
      x => x.k === 'call' && x.summary === e.summary && x.line === e.line && x.facts === e.facts && x.loops === e.loops,
    )
  )
    return
  list.push(e)
}

export function invokeInLoop(m: Machine, fn: Value, args: Value[], call: Call, kind: LoopKind): Value {
  const loops = m.frame.loops
  m.frame.loops = [...loops, { kind, file: m.frame.mod.file, line: call.startLine }]
  const result = fork<Value | undefined>(m, [
    () => settleCallback(m, fn, args, { ...call, iterates: true }),
    () => undefined,
  ])[0]
  m.frame.loops = loops
  return result ?? UNDEF
}

function settleCallback(m: Machine, fn: Value, args: Value[], call: Call): Value {
  if (fn.t === 'fn') return invokeFunction(m, fn, args, call)
  return callValue(m, fn, args, call)
}

export { settleValue }
