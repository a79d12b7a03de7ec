import type { ModuleIR } from '../ir.ts'
import type { AccessDraft } from '../known/access.ts'
import type { Effect, LoopFrame, Return, Summary } from './effects.ts'
import type { Cell, Env, ModuleContext } from './scope.ts'
import type { Alternative, CacheScope, FnValue, Runtime, Value } from './values.ts'
import { FALSE, joinValues, metaOf, TRUE, truthiness, UNDEF, unk } from './values.ts'

/** What is known on the current control-flow path. Immutable: every change makes a new one. */
export interface Path {
  facts: ReadonlySet<string>
  live: boolean
}

/** A loop or switch that `break` (or `continue`) leaves, with the states in which it was left. */
export interface Exit {
  kind: 'loop' | 'switch'
  /** Number of logs when it was entered. */
  level: number
  states: State[]
  /** Where `continue` left off: the next round begins from there. */
  again: State[]
}

interface State {
  facts: ReadonlySet<string>
  values: Map<Cell, Value>
}

export interface Frame {
  mod: ModuleContext
  returns: Return[]
  thrown: Return[]
  effects: Effect[]
  loops: LoopFrame[]
  /** Paths that left the enclosing switch through `break`, innermost last; null for a loop. */
  breaks: Exit[]
  fn: FnValue | undefined
  /** Callbacks of effects and of code that is not known: they run when the function has ended. */
  later: (() => void)[]
}

/** Something hostile or enormous: after `stepLimit` steps, or in loops nested too deeply to be run in every state. */
export interface Cut {
  what: 'steps' | 'loops' | 'failed'
  file: string
  line: number
}

/** An action or handler that was met while interpreting (inline server actions). */
export interface FoundEntry {
  fn: FnValue
  file: string
  line: number
}

export interface Loader {
  /** Loads a module and runs its top level once. Undefined when the file is not in the model. */
  load(file: string): ModuleContext | undefined
  resolve(
    from: string,
    spec: string,
  ):
    | { kind: 'file'; path: string }
    | { kind: 'package'; name: string; subpath: string }
    | { kind: 'asset' }
    | { kind: 'unresolved' }
  version(app: string | undefined, pkg: string): string
  ir(file: string): ModuleIR | undefined
}

/** The interpreter's state. One machine runs one app. */
export interface Machine extends Runtime {
  path: Path
  frame: Frame
  loader: Loader
  client: boolean
  cache: CacheScope | undefined
  depth: number
  steps: number
  /** Steps after which what runs is given up. */
  stepLimit: number
  /** Loops around the place that runs. */
  rounds: number
  /** What was not followed to its end: to be told, since nothing is proven by it. */
  cut: Cut[]
  /** Line of the property that is being read; 0 when it is not known. */
  line: number
  stack: FnValue[]
  /** Old values of what the enclosing branches have assigned, innermost last; made when the first is. */
  logs: (Map<Cell, Value> | undefined)[]
  unions: Map<number, Alternative[]>
  memo: Map<string, Summary>
  contexts: Map<object, number>
  running: Map<string, { hit: boolean; summary: Summary | undefined }>
  ids: number
  found: FoundEntry[]
  /** tRPC procedures, in the order in which they are defined. */
  procedures: { value: Value; mod: ModuleContext; line: number }[]
  foundSet: Set<object>
  drafts: AccessDraft[]
  visited: Set<object>
  /** A module's top level is running: functions handed to unknown code wait until something calls them. */
  loading: boolean
  deferred: Set<FnValue>
  /** Counts changes of React contexts, which memo tables of client code depend on. */
  contextVersion: number
  /** The arm or function that is running, by number: objects made in it can be changed without keeping their old state. */
  branch: number
  branches: number
  /** Counts changes of objects in place. */
  mutations: number
  /** Summary of the call that ended last. */
  lastSummary: Summary | undefined
  /** Functions that escaped into code that is not known: they may be called from anywhere. */
  importing: Set<string>
  closureEnvs: WeakSet<Env>
}

export const NO_FACTS: ReadonlySet<string> = new Set()

export function addFacts(m: Machine, list: readonly string[]): void {
  if (list.length === 0) return
  const facts = new Set(m.path.facts)
  const queue = [...list]
  let live: boolean = m.path.live
  while (queue.length) {
    const fact = queue.pop() as string
    if (facts.has(fact)) continue
    facts.add(fact)
    if (!fact.startsWith('x:')) continue
    const id = Number(fact.slice(2, fact.indexOf(':', 2)))
    const alts = m.unions.get(id)
    if (!alts) continue
    const alive = alts.filter((_, i) => !facts.has(`x:${id}:${i}`))
    if (alive.length === 0) live = false
    else queue.push(...common(alive))
  }
  m.path = { facts, live }
}

function common(alts: readonly Alternative[]): string[] {
  const first = alts[0]
  if (!first) return []
  return first.f.filter(f => alts.every(a => a.f.includes(f)))
}

export function intersect(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const first = sets[0]
  if (!first || first.size === 0) return NO_FACTS
  const rest = sets.filter(s => s !== first)
  if (rest.length === 0) return first
  const out = new Set<string>()
  for (const f of first) if (rest.every(r => r.has(f))) out.add(f)
  return out
}

export function difference(facts: ReadonlySet<string>, base: ReadonlySet<string>): string[] {
  if (facts === base) return []
  const out: string[] = []
  for (const f of facts) if (!base.has(f)) out.push(f)
  return out
}

export function makeUnion(m: Machine, alts: Alternative[]): Value {
  const only = alts[0]
  if (alts.length === 1 && only) {
    addFacts(m, only.f)
    return only.v
  }
  const id = ++m.ids
  if (alts.some(a => a.f.length)) m.unions.set(id, alts)
  addFacts(m, common(alts))
  return { t: 'union', id, alts }
}

/** Drops alternatives that the current path has ruled out. */
export function resolveValue(m: Machine, v: Value): Value {
  if (v.t !== 'union') return v
  let alive = 0
  let last: Alternative | undefined
  for (let i = 0; i < v.alts.length; i++) {
    if (m.path.facts.has(`x:${v.id}:${i}`)) continue
    alive++
    last = v.alts[i]
  }
  if (alive === 1 && last) return resolveValue(m, last.v)
  return v
}

export function alternativesOf(m: Machine, v: Value): Value[] {
  if (v.t !== 'union') return [v]
  const out: Value[] = []
  v.alts.forEach((a, i) => {
    if (!m.path.facts.has(`x:${v.id}:${i}`)) out.push(...alternativesOf(m, a.v))
  })
  return out
}

/** Applies `f` to every alternative; the result stays correlated with the original. */
export function mapUnion(v: Value, f: (v: Value) => Value): Value {
  if (v.t !== 'union') return f(v)
  return { t: 'union', id: v.id, alts: v.alts.map(a => ({ v: a.v.t === 'union' ? mapUnion(a.v, f) : f(a.v), f: a.f })) }
}

/** The path is the one for a missing environment variable. Such facts stay inside their function, as those of alternatives do. */
export function unsetFact(name: string): string {
  return `x:unset:${name}`
}

/** Narrows the path to the case in which the value is truthy (or falsy). */
export function assume(m: Machine, v: Value, truthy: boolean): void {
  if (!m.path.live) return
  if (v.t !== 'union') {
    const t = truthiness(v)
    if ((truthy && t === 'f') || (!truthy && t === 't')) m.path = { facts: m.path.facts, live: false }
    else if (!truthy && v.t === 'str' && v.m?.env) addFacts(m, [unsetFact(v.m.env)])
    return
  }
  const dead: string[] = []
  let remaining: Alternative | undefined
  let count = 0
  v.alts.forEach((a, i) => {
    const key = `x:${v.id}:${i}`
    if (m.path.facts.has(key)) return
    const t = a.k ?? truthinessNow(m, a.v)
    if ((truthy && t === 'f') || (!truthy && t === 't')) dead.push(key)
    else {
      count++
      remaining = a
    }
  })
  if (count === 0) {
    m.path = { facts: m.path.facts, live: false }
    return
  }
  addFacts(m, dead)
  if (count === 1 && remaining) {
    addFacts(m, remaining.f)
    if (remaining.v.t === 'union') assume(m, remaining.v, truthy)
    return
  }
  // Several ways lead here: what all of them prove, nested ones included.
  addFacts(m, [...implied(m, v, truthy, 4)])
}

/** Facts that hold on every alternative of the given truth. */
function implied(m: Machine, v: Value, truthy: boolean, depth: number): ReadonlySet<string> {
  if (v.t !== 'union' || depth === 0) return NO_FACTS
  const sets: ReadonlySet<string>[] = []
  v.alts.forEach((a, i) => {
    if (m.path.facts.has(`x:${v.id}:${i}`)) return
    const t = a.k ?? truthinessNow(m, a.v)
    if ((truthy && t === 'f') || (!truthy && t === 't')) return
    sets.push(new Set([...a.f, ...implied(m, a.v, truthy, depth - 1)]))
  })
  const deployed = sets.filter(s => !s.has('dev-only'))
  return intersect(deployed.length ? deployed : sets)
}

function truthinessNow(m: Machine, v: Value): 't' | 'f' | 'm' {
  return truthiness(resolveValue(m, v))
}

export function negate(v: Value): Value {
  if (v.t === 'union')
    return {
      t: 'union',
      id: v.id,
      alts: v.alts.map(a => ({
        v: negate(a.v),
        f: a.f,
        ...(a.k ? { k: a.k === 't' ? ('f' as const) : ('t' as const) } : {}),
      })),
    }
  const t = truthiness(v)
  return t === 't' ? FALSE : t === 'f' ? TRUE : { t: 'bool' }
}

export function assign(m: Machine, cell: Cell, v: Value): void {
  const top = m.logs.length - 1
  if (top >= 0) {
    let log = m.logs[top]
    if (!log) {
      log = new Map()
      m.logs[top] = log
    }
    if (!log.has(cell)) log.set(cell, cell.v)
  }
  cell.v = v
}

/**
 * Runs the arms from the same state and joins what they leave: facts that hold on every arm that goes on, and for each variable
 * the values it can have. Returns the arms' results, undefined for the arms that do not go on.
 */
export function fork<T>(m: Machine, arms: (() => T)[]): (T | undefined)[] {
  const start = m.path
  const outcomes: { path: Path; values: Map<Cell, Value> | undefined; result: T }[] = []
  const { branch } = m
  let changes = false
  for (const arm of arms) {
    m.path = start
    m.branch = ++m.branches
    m.logs.push(undefined)
    const result = arm()
    const log = m.logs.pop()
    let values: Map<Cell, Value> | undefined
    if (log) {
      changes = true
      values = new Map()
      for (const [cell, old] of log) {
        values.set(cell, cell.v)
        cell.v = old
      }
    }
    outcomes.push({ path: m.path, values, result })
  }
  m.branch = branch
  const alive = outcomes.filter(o => o.path.live)
  // What only developers run decides nothing for everybody else.
  const deployed = start.facts.has('dev-only') ? alive : alive.filter(o => !o.path.facts.has('dev-only'))
  const live = deployed.length ? deployed : alive
  if (live.length === 0) {
    m.path = { facts: start.facts, live: false }
    return outcomes.map(() => undefined)
  }
  const only = live[0]
  m.path = live.length === 1 && only ? only.path : { facts: intersect(live.map(o => o.path.facts)), live: true }
  if (changes) joinCells(m, live)
  return outcomes.map(o => (live.includes(o) ? o.result : undefined))
}

function joinCells(m: Machine, live: readonly { values: Map<Cell, Value> | undefined }[]): void {
  const cells = new Set<Cell>()
  for (const o of live) if (o.values) for (const cell of o.values.keys()) cells.add(cell)
  for (const cell of cells) {
    let joined: Value | undefined
    for (const o of live) {
      const v = o.values?.get(cell) ?? cell.v
      joined = joined === undefined ? v : joinValues(joined, v, () => ++m.ids)
    }
    if (joined) assign(m, cell, joined)
  }
}

/** The path leaves the innermost loop (or switch): its state is joined in where that ends. */
export function leave(m: Machine, kind: 'break' | 'continue'): void {
  const target = m.frame.breaks.findLast(b => kind === 'break' || b.kind === 'loop')
  if (target) {
    const values = new Map<Cell, Value>()
    for (const log of m.logs.slice(target.level)) for (const cell of log?.keys() ?? []) values.set(cell, cell.v)
    const list = kind === 'break' ? target.states : target.again
    list.push({ facts: m.path.facts, values })
  }
  m.path = { facts: m.path.facts, live: false }
}

/** One arm per state in which something was left. */
export function exitArms(m: Machine, states: readonly State[]): (() => void)[] {
  return states.slice(0, 12).map(s => () => {
    m.path = { facts: s.facts, live: true }
    for (const [cell, v] of s.values) assign(m, cell, v)
  })
}

/** Joins the values of the arms that go on. */
export function joinArms(m: Machine, arms: (() => Value)[]): Value {
  const base = m.path.facts
  const ends: (readonly string[])[] = []
  const results = fork(
    m,
    arms.map(arm => () => {
      const v = arm()
      ends.push(difference(m.path.facts, base))
      return v
    }),
  )
  const alts: Alternative[] = []
  results.forEach((v, i) => {
    if (v !== undefined) alts.push({ v, f: ends[i] ?? [] })
  })
  if (alts.length === 0) return UNDEF
  if (alts.length === 1) return (alts[0] as Alternative).v
  if (alts.every(a => a.f.length === 0)) return alts.map(a => a.v).reduce((a, b) => joinValues(a, b, () => ++m.ids))
  return makeUnion(m, alts)
}

/** Removes caller input from a value where the facts of this path say that it was validated. */
export function cleanValue(m: Machine, v: Value, depth = 3): Value {
  const facts = m.path.facts
  switch (v.t) {
    case 'in':
      return isValid(facts, v.ref) ? unk(v.ref.startsWith('cookie.') ? { credential: true } : { caller: true }) : v
    case 'unk':
    case 'str':
    case 'num': {
      if (!v.m?.inp?.some(i => isValid(facts, i.ref))) return v
      const inp = v.m.inp.filter(i => !isValid(facts, i.ref))
      const { inp: _, ...rest } = v.m
      return { ...v, m: inp.length ? { ...rest, inp } : { ...rest, caller: true } }
    }
    case 'obj': {
      if (depth === 0 || !hasValid(facts) || !holdsInput(v, 3)) return v
      const p = new Map<string, Value>()
      for (const [k, x] of v.p) p.set(k, cleanValue(m, x, depth - 1))
      const own = v.m?.inp ? { ...v.m, inp: v.m.inp.filter(i => !isValid(facts, i.ref)) } : v.m
      return { ...v, p, ...(own ? { m: own } : {}) }
    }
    case 'arr': {
      if (depth === 0 || !hasValid(facts) || !holdsInput(v, 3)) return v
      const own = v.m?.inp ? { ...v.m, inp: v.m.inp.filter(i => !isValid(facts, i.ref)) } : v.m
      return {
        ...v,
        e: cleanValue(m, v.e, depth - 1),
        ...(v.items ? { items: v.items.map(i => cleanValue(m, i, depth - 1)) } : {}),
        ...(own ? { m: own } : {}),
      }
    }
    case 'union':
      if (depth === 0 || !hasValid(facts) || !holdsInput(v, 3)) return v
      return { ...v, alts: v.alts.map(a => ({ ...a, v: cleanValue(m, a.v, depth - 1) })) }
    default:
      return v
  }
}

const validity = new WeakMap<ReadonlySet<string>, boolean>()

/** Whether anything at all was validated on the path: looking into values costs more than this answer. */
function hasValid(facts: ReadonlySet<string>): boolean {
  let known = validity.get(facts)
  if (known === undefined) {
    known = false
    for (const f of facts) {
      if (!f.startsWith('valid:')) continue
      known = true
      break
    }
    validity.set(facts, known)
  }
  return known
}

function holdsInput(v: Value, depth: number): boolean {
  switch (v.t) {
    case 'in':
      return true
    case 'unk':
    case 'str':
    case 'num':
    case 'dom':
      return Boolean(v.m?.inp)
    case 'obj':
      if (v.m?.inp) return true
      if (depth > 0) for (const x of v.p.values()) if (holdsInput(x, depth - 1)) return true
      return false
    case 'arr':
      if (v.m?.inp) return true
      if (depth === 0) return false
      return holdsInput(v.e, depth - 1) || (v.items?.some(i => holdsInput(i, depth - 1)) ?? false)
    case 'union':
      return depth > 0 && v.alts.some(a => holdsInput(a.v, depth - 1))
    default:
      return false
  }
}

/** A reference is valid when it, or something that contains it, was validated. */
export function isValid(facts: ReadonlySet<string>, ref: string): boolean {
  if (facts.has(`valid:${ref}`)) return true
  for (let dot = ref.lastIndexOf('.'); dot > 0; dot = ref.lastIndexOf('.', dot - 1))
    if (facts.has(`valid:${ref.slice(0, dot)}`)) return true
  return false
}

/** Facts that say that the inputs inside a value are validated. */
export function validFacts(v: Value): string[] {
  const refs = metaOf(v)?.inp ?? []
  return refs.map(r => `valid:${r.ref.replace(/\.length$/, '')}`)
}

export function nullish(v: Value): 'yes' | 'no' | 'maybe' {
  if (v.t === 'null' || v.t === 'undef') return 'yes'
  if (v.t === 'unk' || v.t === 'in' || v.t === 'ext') return 'maybe'
  if (v.t === 'union') {
    const all = v.alts.map(a => nullish(a.v))
    if (all.every(x => x === 'yes')) return 'yes'
    return all.every(x => x === 'no') ? 'no' : 'maybe'
  }
  return 'no'
}
