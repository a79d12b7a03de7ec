import type { ClassIR, Expr, FunctionIR, Pattern, Stmt } from '../ir.ts'
import { compare } from './compare.ts'
import { evaluate, settleValue } from './expr.ts'
import { addFacts, assign, assume, type Exit, exitArms, fork, leave, type Machine } from './machine.ts'
import { getIndex, getMember, setMember } from './members.ts'
import { type Cell, type Env, lookup, newEnv } from './scope.ts'
import type { FnValue, LoopKind, Value } from './values.ts'
import { joinMeta, joinValues, keyOf, literal, metaOf, obj, TRUE, truthiness, UNDEF, UNK, unk } from './values.ts'

/** Function and class declarations are visible before their line. */
export function hoist(m: Machine, body: readonly Stmt[], env: Env): void {
  for (const s of body) {
    if (s.k === 'fn') env.vars.set(s.d.n ?? '*default*', { v: makeFunction(m, s.d, env) })
  }
}

export function makeFunction(m: Machine, d: FunctionIR, env: Env): FnValue {
  const fn: FnValue = { t: 'fn', d, env, mod: m.frame.mod }
  if (d.dir === 'use server' && !m.foundSet.has(d)) {
    m.foundSet.add(d)
    m.found.push({ fn, file: m.frame.mod.file, line: d.l })
  }
  return fn
}

export function execBlock(m: Machine, body: readonly Stmt[], env: Env): void {
  hoist(m, body, env)
  for (const s of body) {
    if (!m.path.live) return
    execStatement(m, s, env)
  }
}

function execStatement(m: Machine, s: Stmt, env: Env): void {
  if (++m.steps > m.stepLimit) {
    if (m.steps === m.stepLimit + 1) m.cut.push({ what: 'steps', file: m.frame.mod.file, line: 'l' in s ? s.l : 1 })
    m.path = { facts: m.path.facts, live: false }
    return
  }
  switch (s.k) {
    case 'var':
      for (const d of s.d) bind(m, d.t, d.v ? evaluate(m, d.v, env) : UNDEF, env, true)
      return
    case 'expr':
      ignoredLimiter(m, evaluate(m, s.e, env))
      return
    case 'ret': {
      let v = s.e ? evaluate(m, s.e, env) : UNDEF
      if (!m.path.live) return
      if (m.frame.fn?.d.async) v = settleValue(m, v, { file: m.frame.mod.file, line: s.l, rt: m })
      m.frame.returns.push({ v, f: m.path.facts, line: s.l, endLine: s.el })
      stop(m)
      return
    }
    case 'thr': {
      const v = evaluate(m, s.e, env)
      if (!m.path.live) return
      m.frame.thrown.push({ v, f: m.path.facts, line: s.l, endLine: s.l })
      stop(m)
      return
    }
    case 'if': {
      const c = evaluate(m, s.c, env)
      if (!m.path.live) return
      sessionDecides(m, c)
      fork(m, [
        () => {
          assume(m, c, true)
          if (m.path.live) execBlock(m, s.t, newEnv(env))
        },
        () => {
          assume(m, c, false)
          if (m.path.live && s.f) execBlock(m, s.f, newEnv(env))
        },
      ])
      return
    }
    case 'blk':
      execBlock(m, s.b, newEnv(env))
      return
    case 'loop':
      execLoop(m, s, newEnv(env))
      return
    case 'try':
      execTry(m, s, env)
      return
    case 'sw':
      execSwitch(m, s, env)
      return
    case 'cls':
      env.vars.set(s.d.n ?? '*default*', { v: makeClass(m, s.d, env) })
      return
    case 'brk':
      leave(m, 'break')
      return
    case 'cnt':
      leave(m, 'continue')
      return
    case 'fn':
      return
  }
}

/** The statement goes one way for a session and another without. Choosing a value by it (a token to hand on) decides nothing. */
function sessionDecides(m: Machine, c: Value): void {
  if (c.t !== 'union' || m.path.facts.has('auth')) return
  const told = new Set(c.alts.map(a => a.k ?? truthiness(a.v)))
  if (told.size > 1 && c.alts.some(a => a.f.includes('session')))
    m.emit({ k: 'use-session', file: '', line: 0, data: {} })
}

/** The answer of a limiter that nobody looks at limits nothing. */
function ignoredLimiter(m: Machine, v: Value): void {
  if (v.t === 'union' && v.alts.some(a => a.f.includes('limited')) && !m.path.facts.has('limited'))
    addFacts(m, ['limiter-ignored'])
}

/** Each level of loops that change what they go by doubles the work; real code has three or four. */
const MAX_ROUNDS = 8

function stop(m: Machine): void {
  m.path = { facts: m.path.facts, live: false }
}

function execLoop(m: Machine, s: Extract<Stmt, { k: 'loop' }>, env: Env): void {
  for (const i of s.i ?? []) execStatement(m, i, env)
  const source = s.e ? evaluate(m, s.e, env) : undefined
  const kind = loopKind(m, s, source, env)
  let proven: string[] = []
  repeat(m, exit => {
    const inner = newEnv(env)
    m.frame.loops = [...m.frame.loops, { kind, file: m.frame.mod.file, line: s.l }]
    if (s.c) {
      const c = evaluate(m, s.c, inner)
      assume(m, c, true)
    }
    if (s.v && source) bind(m, s.v, s.kind === 'in' ? UNK : elementOf(source), inner, true)
    if (m.path.live) execBlock(m, s.b, inner)
    if (exit.again.length) fork(m, [() => undefined, ...exitArms(m, exit.again)])
    if (s.u && m.path.live) evaluate(m, s.u, inner)
    proven = m.path.live ? [...m.path.facts].filter(f => f.startsWith('valid:')) : []
    m.frame.loops = m.frame.loops.slice(0, -1)
  })
  // Whoever comes out of the loop has had every element checked.
  if (s.kind === 'of' && source?.t === 'in' && m.path.live) {
    const element = `valid:${source.ref}.0`
    addFacts(
      m,
      proven.flatMap(f => (f === element ? [`valid:${source.ref}`] : f.startsWith(`${element}.`) ? [f] : [])),
    )
  }
}

/**
 * Runs the body of a loop. What one round leaves is what the next one starts with: where a variable or an object has become
 * something that may decide a branch, the body is run again in that state, and only that run counts.
 */
export function repeat(m: Machine, body: (exit: Exit) => void): void {
  const { frame } = m
  const before = {
    path: m.path,
    effects: frame.effects.length,
    returns: frame.returns.length,
    thrown: frame.thrown.length,
    mutations: m.mutations,
  }
  const changed = new Map<Cell, Value>()
  const round = (): void => {
    const exit: Exit = { kind: 'loop', level: m.logs.length, states: [], again: [] }
    frame.breaks.push(exit)
    const arms = [
      () => {
        body(exit)
        arms.push(...exitArms(m, exit.states))
      },
      () => undefined,
    ]
    fork(m, arms)
    frame.breaks.pop()
  }
  const start = new Map<Cell, Value>()
  m.rounds++
  fork(m, [
    () => {
      round()
      for (const [cell, old] of m.logs[m.logs.length - 1] ?? []) start.set(cell, old)
    },
  ])
  for (const [cell, old] of start) if (decides(old) && keyOf(old) !== keyOf(cell.v)) changed.set(cell, cell.v)
  const isSettled = changed.size === 0 && m.mutations === before.mutations
  if (!isSettled && m.rounds > MAX_ROUNDS)
    m.cut.push({ what: 'loops', file: m.frame.mod.file, line: m.frame.loops.at(-1)?.line ?? 1 })
  if (isSettled || m.rounds > MAX_ROUNDS) {
    m.rounds--
    return
  }
  m.path = before.path
  frame.effects.length = before.effects
  frame.returns.length = before.returns
  frame.thrown.length = before.thrown
  round()
  m.rounds--
}

/** Values that a condition can look through. */
function decides(v: Value): boolean {
  return v.t !== 'dom' && v.t !== 'unk'
}

export function elementOf(v: Value): Value {
  if (v.t === 'arr') return v.items?.length ? v.items.reduce((a, b) => joinValues(a, b, () => 0)) : v.e
  if (v.t === 'in') return { t: 'in', ref: `${v.ref}.0` }
  if (v.t === 'union') {
    const parts = v.alts.map(a => a.v).filter(x => x.t !== 'null' && x.t !== 'undef')
    if (parts.length) return parts.map(elementOf).reduce((a, b) => joinValues(a, b, () => 0))
  }
  return unk(metaOf(v))
}

/** What drives the loop decides whether queries in it are one per row (data) or inherent (paging, retries, constant lists, chunks). */
export function loopKind(m: Machine, s: Extract<Stmt, { k: 'loop' }>, source: Value | undefined, env: Env): LoopKind {
  if (s.kind === 'of' || s.kind === 'in') return source ? collectionKind(source) : 'data'
  if (s.kind === 'for') {
    // `i < limit && more`: the first comparison is the bound.
    const condition = s.c?.k === 'log' && s.c.op === '&&' ? s.c.a : s.c
    const limit = condition?.k === 'bin' ? evaluate(m, condition.b, env) : undefined
    const bound = limit && literal(limit)
    if (limit && metaOf(limit)?.bounded) return 'retry'
    const chunked = s.u?.k === 'asg' && s.u.op === '+=' && !(s.u.v.k === 'lit' && s.u.v.v === 1)
    if (chunked) return 'chunk'
    if (!s.c || !s.u) return 'paging'
    if (typeof bound === 'number') return bound <= 12 ? 'retry' : 'data'
    // `attempt <= maxRetries`, `page < totalPages`: the counter is no index into the data when nothing is indexed by it.
    return indexesBy(s.b, counterOf(s)) ? 'data' : 'paging'
  }
  // `while (i < list.length) { … list[i] … }` walks a list; other while loops turn pages.
  const counter = s.c?.k === 'bin' && s.c.a.k === 'id' ? s.c.a.n : undefined
  return indexesBy(s.b, counter) ? 'data' : 'paging'
}

function counterOf(s: Extract<Stmt, { k: 'loop' }>): string | undefined {
  const first = s.i?.[0]
  if (first?.k !== 'var') return undefined
  const t = first.d[0]?.t
  return t?.k === 'id' ? t.n : undefined
}

function indexesBy(body: unknown, counter: string | undefined): boolean {
  if (!counter || typeof body !== 'object' || body === null) return false
  if (Array.isArray(body)) return body.some(b => indexesBy(b, counter))
  const node = body as Record<string, unknown>
  if (node.k === 'idx') {
    const i = node.i as Expr
    if (i.k === 'id' && i.n === counter) return true
  }
  return Object.values(node).some(x => typeof x === 'object' && x !== null && indexesBy(x, counter))
}

export function collectionKind(v: Value): LoopKind {
  if (v.t === 'arr' && v.bound !== undefined && v.bound <= 12) return 'bounded'
  if (v.t === 'arr' && v.items) return v.items.length <= 12 && !v.items.some(i => i.t === 'union') ? 'constant' : 'data'
  if (v.t === 'obj' && !v.open) return 'constant'
  if (v.t === 'str' && v.v !== undefined) return 'constant'
  if (v.t === 'dom' && v.d === 'chunks') return 'chunk'
  return 'data'
}

function execTry(m: Machine, s: Extract<Stmt, { k: 'try' }>, env: Env): void {
  const outerThrown = m.frame.thrown
  const caught: typeof outerThrown = []
  const start = m.path
  m.frame.thrown = caught
  const body = () => execBlock(m, s.b, newEnv(env))
  if (!s.c) {
    body()
    outerThrown.push(...caught)
    m.frame.thrown = outerThrown
  } else {
    const handler = s.c
    const changed = new Map<Cell, Value>()
    fork(m, [
      () => {
        body()
        for (const cell of m.logs[m.logs.length - 1]?.keys() ?? []) changed.set(cell, cell.v)
        m.frame.thrown = outerThrown
      },
      () => {
        m.frame.thrown = outerThrown
        m.path = { facts: start.facts, live: true }
        // It may have come to any point of the body.
        for (const [cell, v] of changed)
          assign(
            m,
            cell,
            joinValues(cell.v, v, () => ++m.ids),
          )
        const inner = newEnv(env)
        const value = caught.length
          ? caught.map(t => t.v).reduce((a, b) => joinValues(a, b, () => ++m.ids))
          : unk({ err: ['exception'] })
        // Returning from here instead of throwing hides that a read failed (a cache would keep it).
        if (caught.some(t => metaOf(t.v)?.err?.some(e => e === 'database' || e === 'external')))
          addFacts(m, ['db-failed'])
        if (s.cv) bind(m, s.cv, value, inner, true)
        execBlock(m, handler, inner)
      },
    ])
  }
  if (s.f) {
    const path = m.path
    if (!path.live) m.path = { facts: start.facts, live: true }
    execBlock(m, s.f, newEnv(env))
    if (!path.live) stop(m)
  }
}

function execSwitch(m: Machine, s: Extract<Stmt, { k: 'sw' }>, env: Env): void {
  const subject = evaluate(m, s.e, env)
  const inner = newEnv(env)
  const hasDefault = s.cs.some(c => !c.t)
  const refs = metaOf(subject)?.inp?.map(r => `valid:${r.ref}`) ?? []
  const arms = s.cs.map((c, index) => () => {
    if (c.t) {
      const v = evaluate(m, c.t, inner)
      if (literal(v) !== undefined) addFacts(m, refs)
      // switch (true) { case cond: … }
      if (subject.t === 'bool' && subject.v) assume(m, v, true)
      else if (literal(v) !== undefined && (subject.t === 'union' || literal(subject) !== undefined))
        assume(m, compare(m, '===', subject, v), true)
    }
    const exit: Exit = { kind: 'switch', level: m.logs.length, states: [], again: [] }
    m.frame.breaks.push(exit)
    // Cases without a break fall through to the next ones.
    for (let i = index; i < s.cs.length && m.path.live; i++) execBlock(m, (s.cs[i] as { b: Stmt[] }).b, inner)
    m.frame.breaks.pop()
    if (exit.states.length) fork(m, [() => undefined, ...exitArms(m, exit.states)])
  })
  if (!hasDefault) arms.push(() => undefined)
  fork(m, arms)
}

/** Binds a pattern. `declare` makes new variables; otherwise existing ones are assigned. */
export function bind(m: Machine, t: Pattern, v: Value, env: Env, declare: boolean): void {
  switch (t.k) {
    case 'id': {
      if (declare) {
        env.vars.set(t.n, { v })
        return
      }
      const cell = lookup(env, t.n)
      if (cell && m.frame.mod.env.vars.get(t.n) === cell) outlives(v)
      if (cell) assign(m, cell, v)
      else env.vars.set(t.n, { v })
      return
    }
    case 'objp': {
      const taken: string[] = []
      for (const p of t.p) {
        const key = typeof p.key === 'string' ? p.key : undefined
        if (key !== undefined) taken.push(key)
        let item = key !== undefined ? getMember(m, v, key, 0) : getIndex(m, v, evaluate(m, p.key as Expr, env))
        if (p.d) item = withDefault(m, item, () => evaluate(m, p.d as Expr, env))
        bind(m, p.t, item, env, declare)
      }
      if (t.rest) bind(m, t.rest, restOf(v, taken), env, declare)
      return
    }
    case 'arrp':
      t.e.forEach((e, i) => {
        if (!e) return
        let item = getIndex(m, v, { t: 'num', v: i })
        if (e.d) item = withDefault(m, item, () => evaluate(m, e.d as Expr, env))
        bind(m, e.t, item, env, declare)
      })
      if (t.rest)
        bind(m, t.rest, v.t === 'arr' && v.items ? { ...v, items: v.items.slice(t.e.length) } : v, env, declare)
      return
    case 'target': {
      const target = t.e
      if (target.k === 'mem') {
        const owner = evaluate(m, target.o, env)
        if (owner.t === 'dom' && owner.d === 'global') outlives(v)
        setMember(m, owner, target.p, v)
      } else if (target.k === 'idx') {
        const key = literal(evaluate(m, target.i, env))
        setMember(m, evaluate(m, target.o, env), typeof key === 'string' ? key : undefined, v)
      }
    }
  }
}

/** A pool that is kept in a module's variable or on globalThis is made once per instance, wherever the code stands. */
function outlives(v: Value): void {
  if (v.t === 'dom' && typeof v.s === 'object' && v.s !== null && 'pool' in v.s)
    (v.s.pool as { kept?: boolean }).kept = true
  if (v.t === 'union') for (const a of v.alts) outlives(a.v)
}

function withDefault(m: Machine, v: Value, fallback: () => Value): Value {
  if (v.t === 'undef') return fallback()
  if (v.t === 'in' || v.t === 'unk' || v.t === 'union') return joinValues(v, fallback(), () => ++m.ids)
  return v
}

function restOf(v: Value, taken: string[]): Value {
  if (v.t === 'obj') {
    const p = new Map(v.p)
    for (const k of taken) p.delete(k)
    return { ...v, p }
  }
  if (v.t === 'in') return v
  return unk(metaOf(v))
}

/** A class becomes a constructor: `new` makes an object with its fields and methods bound to it. */
export function makeClass(m: Machine, d: ClassIR, env: Env): Value {
  const mod = m.frame.mod
  const props: Record<string, Value> = {}
  for (const member of d.members) if (member.static) props[member.n] = evaluate(m, member.v, env)
  const construct = (args: Value[], call: Parameters<Extract<Value, { t: 'native' }>['call']>[0]): Value => {
    const self: Value = { t: 'obj', p: new Map(), open: true, at: m.branch, ...(d.n ? { cls: d.n } : {}) }
    if (d.ext) {
      const base = evaluate(m, d.ext, env)
      if (base.t === 'native' && base.props && 'prototype' in base.props) {
        const parent = base.call({ ...call, args, isNew: true })
        if (parent.t === 'obj') {
          for (const [k, v] of parent.p) self.p.set(k, v)
          if (parent.cls) self.p.set(`__is:${parent.cls}`, TRUE)
        }
      } else if (d.ext.k === 'id' && /Error$/.test(d.ext.n)) {
        self.cls = d.n ?? 'Error'
        self.p.set('message', args[0] ?? UNDEF)
        const meta = metaOf(self.p.get('message') as Value)
        if (meta?.err) self.m = joinMeta(self.m, { err: meta.err }) ?? {}
      }
    }
    const inner = newEnv(env, self)
    const ctor = d.members.find(x => x.kind === 'ctor')
    if (ctor && ctor.v.k === 'fn') {
      ctor.v.d.p.forEach((p, i) => {
        if (p.t.k === 'id') inner.vars.set(`*ctor*${p.t.n}`, { v: args[i] ?? UNDEF })
      })
    }
    for (const member of d.members) {
      if (member.static || member.kind === 'ctor') continue
      const v = evaluate(m, member.v, inner)
      self.p.set(member.n, v.t === 'fn' ? { ...v, self, mod } : v)
    }
    if (ctor && ctor.v.k === 'fn') {
      const fn = evaluate(m, ctor.v, inner)
      if (fn.t === 'fn') m.invoke({ ...fn, self, mod }, args, call)
    }
    return self
  }
  return {
    t: 'native',
    name: `class ${d.n ?? ''}`,
    call: call => construct(call.args, call),
    props: { ...props, prototype: obj({}) },
  }
}
