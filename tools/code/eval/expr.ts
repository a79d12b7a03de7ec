import type { Expr, ModuleIR, ObjectMember } from '../ir.ts'
import { domains } from '../known/domains.ts'
import { globalValue } from '../known/globals.ts'
import { compare } from './compare.ts'
import { enterError, shownError } from './errortext.ts'
import { bind, makeClass, makeFunction } from './exec.ts'
import { callValue, handOver, invokeMethod, renderComponent } from './invoke.ts'
import {
  alternativesOf,
  assume,
  cleanValue,
  difference,
  fork,
  joinArms,
  type Machine,
  makeUnion,
  negate,
  nullish,
  resolveValue,
} from './machine.ts'
import { getIndex, getMember } from './members.ts'
import { importedValue } from './modules.ts'
import { type Env, lookup } from './scope.ts'
import type { Alternative, Call, Meta, Value } from './values.ts'
import { joinMeta, joinValues, mergeBuilders, metaOf, NULL, num, str, truthiness, UNDEF, UNK, unk } from './values.ts'

export function evaluate(m: Machine, e: Expr, env: Env): Value {
  m.steps++
  switch (e.k) {
    case 'id':
      return cleanValue(m, resolveValue(m, identifier(m, e.n, env)))
    case 'lit':
      return e.v === null
        ? NULL
        : typeof e.v === 'string'
          ? str(e.v)
          : typeof e.v === 'number'
            ? num(e.v)
            : { t: 'bool', v: e.v }
    case 'undef':
      return UNDEF
    case 'regex':
      return { t: 'dom', d: 'regexp', s: null }
    case 'this': {
      for (let s: Env | undefined = env; s; s = s.parent) if (s.self) return s.self
      return UNK
    }
    case 'mem': {
      const o = evaluate(m, e.o, env)
      return cleanValue(m, resolveValue(m, getMember(m, o, e.p, e.l)))
    }
    case 'idx': {
      const o = evaluate(m, e.o, env)
      return cleanValue(m, resolveValue(m, getIndex(m, o, evaluate(m, e.i, env))))
    }
    case 'call':
      return call(m, e, env)
    case 'fn':
      return makeFunction(m, e.d, env)
    case 'cls':
      return makeClass(m, e.d, env)
    case 'obj':
      return objectLiteral(m, e.p, env)
    case 'arr':
      return arrayLiteral(m, e.e, env)
    case 'tpl':
      return template(
        e.q,
        e.e.map(x => evaluate(m, x, env)),
      )
    case 'tag':
      return tagged(m, e, env)
    case 'await':
      return cleanValue(
        m,
        resolveValue(m, settleValue(m, evaluate(m, e.e, env), { file: m.frame.mod.file, line: e.l, rt: m })),
      )
    case 'spread':
      return evaluate(m, e.e, env)
    case 'un':
      return unary(m, e, env)
    case 'bin':
      return compare(m, e.op, evaluate(m, e.a, env), evaluate(m, e.b, env))
    case 'log':
      return logical(m, e, env)
    case 'cond': {
      const c = evaluate(m, e.c, env)
      return joinArms(m, [
        () => {
          assume(m, c, true)
          return m.path.live ? evaluate(m, e.t, env) : UNDEF
        },
        () => {
          assume(m, c, false)
          return m.path.live ? evaluate(m, e.f, env) : UNDEF
        },
      ])
    }
    case 'asg': {
      let v = evaluate(m, e.v, env)
      if (e.op !== '=') {
        const old = e.t.k === 'id' ? (lookup(env, e.t.n)?.v ?? UNK) : e.t.k === 'target' ? evaluate(m, e.t.e, env) : UNK
        if (e.op === '??=' || e.op === '||=' || e.op === '&&=') v = joinValues(old, v, () => ++m.ids)
        else v = e.op === '+=' ? plus(old, v) : { t: 'num', ...metaField(joinMeta(metaOf(old), metaOf(v))) }
      }
      bind(m, e.t, v, env, false)
      return v
    }
    case 'yield':
      return e.e ? evaluate(m, e.e, env) : UNDEF
    case 'jsx':
      return jsx(m, e, env)
    case 'import': {
      const s = evaluate(m, e.s, env)
      if (s.t !== 'str' || s.v === undefined) return UNK
      return importedValue(m, m.frame.mod, s.v, '*')
    }
    case 'unk': {
      let last: Value = UNK
      for (const x of e.e) last = evaluate(m, x, env)
      return last
    }
  }
}

function metaField(meta: Meta | undefined): { m?: Meta } {
  return meta ? { m: meta } : {}
}

const bindings = new WeakMap<ModuleIR, Map<string, ModuleIR['imports'][number]>>()

function bindingsOf(ir: ModuleIR): Map<string, ModuleIR['imports'][number]> {
  let known = bindings.get(ir)
  if (!known) {
    known = new Map(ir.imports.map(i => [i.local, i]))
    bindings.set(ir, known)
  }
  return known
}

function identifier(m: Machine, name: string, env: Env): Value {
  const cell = lookup(env, name)
  if (cell) return cell.v
  const binding = bindingsOf(m.frame.mod.ir).get(name)
  if (binding) {
    const v = importedValue(m, m.frame.mod, binding.spec, binding.name)
    // Bound once: imports do not change. Values of a module that is still running are looked up again.
    if (v.t !== 'undef') m.frame.mod.env.vars.set(name, { v })
    return v
  }
  return globalValue(name) ?? UNK
}

export function plus(a: Value, b: Value): Value {
  if (a.t === 'str' && b.t === 'str' && a.v !== undefined && b.v !== undefined && a.v.length + b.v.length < 2000)
    return { t: 'str', v: a.v + b.v, ...metaField(joinMeta(a.m, b.m)) }
  if (a.t === 'num' && b.t === 'num')
    return a.v !== undefined && b.v !== undefined ? num(a.v + b.v) : { t: 'num', ...metaField(joinMeta(a.m, b.m)) }
  const m = joinMeta(metaOf(a), metaOf(b))
  if (a.t === 'str' || b.t === 'str') {
    const left = a.t === 'str' && a.v !== undefined ? a.v : '\u0001'
    const right = b.t === 'str' && b.v !== undefined ? b.v : '\u0001'
    return { t: 'str', ...textField(left.length + right.length, () => left + right), ...metaField(m) }
  }
  return unk(m)
}

/** Longer text is no query, URL or name; doubled often enough it would be longer than a text can be. */
const MAX_TEXT = 256 * 1024

function textField(length: number, text: () => string): { v: string } | undefined {
  return length <= MAX_TEXT ? { v: text() } : undefined
}

/** Unknown parts stand as U+0001 in the text, so that URLs and SQL keep their known parts. */
export function template(quasis: readonly string[], values: readonly Value[]): Value {
  const parts = [quasis[0] ?? '']
  let length = parts[0]!.length
  let m: Meta | undefined
  values.forEach((v, i) => {
    const inner = v.t === 'str' || v.t === 'num' ? v.v : undefined
    parts.push(inner === undefined ? '\u0001' : String(inner), quasis[i + 1] ?? '')
    length += parts.at(-2)!.length + parts.at(-1)!.length
    m = joinMeta(m, metaOf(v))
  })
  return { t: 'str', ...textField(length, () => parts.join('')), ...metaField(m) }
}

function tagged(m: Machine, e: Extract<Expr, { k: 'tag' }>, env: Env): Value {
  const tag = evaluate(m, e.t, env)
  const values = e.e.map(x => evaluate(m, x, env))
  const targets = alternativesOf(m, tag).filter(x => x.t === 'dom' || x.t === 'native')
  if (targets.length === 0) return applyTag(m, resolveValue(m, tag), e, values)
  return joinArms(
    m,
    targets.map(x => () => applyTag(m, x, e, values)),
  )
}

function applyTag(m: Machine, target: Value, e: Extract<Expr, { k: 'tag' }>, values: Value[]): Value {
  if (target.t === 'dom') {
    const handled = domains[target.d]?.tag?.(target, e.q, values, makeCall(m, values, target, e.l, e.l, e.el, false))
    if (handled) return handled
  }
  if (target.t === 'native')
    return target.call(makeCall(m, [{ t: 'dom', d: 'quasis', s: e.q }, ...values], undefined, e.l, e.l, e.el, false))
  return unk(values.reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), undefined))
}

export function makeCall(
  m: Machine,
  args: Value[],
  self: Value | undefined,
  line: number,
  startLine: number,
  endLine: number,
  isNew: boolean,
): Call {
  return { args, self, file: m.frame.mod.file, line, startLine, endLine, isNew, rt: m }
}

function call(m: Machine, e: Extract<Expr, { k: 'call' }>, env: Env): Value {
  if (e.f.k === 'mem') {
    const self = evaluate(m, e.f.o, env)
    if (!m.path.live) return UNDEF
    const args = evalArgs(m, e.a, env)
    if ((e.opt || e.f.opt) && nullish(self) === 'yes') return UNDEF
    const result = cleanValue(
      m,
      resolveValue(m, invokeMethod(m, self, e.f.p, args, makeCall(m, args, self, e.f.l, e.l, e.el, e.nw === 1))),
    )
    if (m.path.live)
      noteGuard(
        m,
        `${e.f.o.k === 'id' ? e.f.o.n : ''}.${e.f.p}`,
        e.f.p,
        self.t !== 'unk' && self.t !== 'ext' && !(self.t === 'dom' && self.d === 'unknown-sdk'),
        e.l,
      )
    return result
  }
  const f = e.f.k === 'id' && e.f.n === 'super' ? UNK : evaluate(m, e.f, env)
  if (!m.path.live) return UNDEF
  const args = evalArgs(m, e.a, env)
  const result = cleanValue(
    m,
    resolveValue(
      m,
      callValue(m, f, args, {
        ...makeCall(m, args, undefined, e.l, e.l, e.el, e.nw === 1),
        argLines: e.a.map(a => (a.k === 'mem' ? a.l : undefined)),
      }),
    ),
  )
  if (e.f.k === 'id' && m.path.live) noteGuard(m, e.f.n, e.f.n, f.t !== 'unk' && f.t !== 'ext' && f.t !== 'undef', e.l)
  return result
}

/**
 * Home-made limiters have no package to be known by, so the vocabulary of rate limiting stands for them; and a guard-like function
 * whose code cannot be seen leaves the question of authentication or validation open (unknown, never "missing").
 */
const LIMITER = /rate_?limit|ratelimit|throttl|limiter|checkLimit|captcha|turnstile/i
const OPEN_AUTH =
  /^(require|ensure|assert|check|verify|get|with|validate|is)?_?(auth|session|user|admin|permission|access|token|signature|role)|^(requireAuth|verify|authenticate|authorize|protect)$/i
const RIGHTS =
  /permission|access(?!_?token)|owner|role|admin|allowed|authori[sz]|member|entitle|polic(y|ies)|[cC]an[A-Z]/i
const OPEN_VALID = /valid|parse|sanit|schema/i

/** What a name suggests; names repeat, so the answers are kept. */
interface Suggestion {
  limiter: boolean
  auth: boolean
  rights: boolean
  valid: boolean
}
/** Nearly all names fail this one: it stands for the four above. */
const SUGGESTIVE =
  /limit|throttl|captcha|turnstile|auth|session|user|admin|permission|access|token|signature|role|verify|protect|valid|parse|sanit|schema/i
const suggestions = new Map<string, Suggestion | null>()

function suggestionOf(name: string, callee: string): Suggestion | null {
  let s = suggestions.get(name)
  if (s === undefined) {
    const found = !SUGGESTIVE.test(name)
      ? null
      : {
          limiter: LIMITER.test(name) && !/response|exceeded|error|headers?$|reached/i.test(name),
          auth: OPEN_AUTH.test(callee),
          rights: RIGHTS.test(callee),
          valid: OPEN_VALID.test(callee),
        }
    s = found && (found.limiter || found.auth || found.valid) ? found : null
    if (suggestions.size > 20_000) suggestions.clear()
    suggestions.set(name, s)
  }
  return s
}

function noteGuard(m: Machine, name: string, callee: string, seen: boolean, line: number): void {
  const s = suggestionOf(name, callee)
  if (!s) return
  if (s.limiter) {
    m.fact('limiter-asked')
    m.emit({ k: 'limit', file: m.frame.mod.file, line, what: name.replace(/^\./, '') })
  }
  if (seen) return
  // Once the caller is known, only a question about rights can add something.
  if (s.auth) m.fact('maybe-auth', ...(s.rights ? ['maybe-rights'] : []))
  if (s.valid) m.fact('maybe-valid')
}

function evalArgs(m: Machine, list: readonly Expr[], env: Env): Value[] {
  const out: Value[] = []
  for (const a of list) {
    const v = evaluate(m, a, env)
    if (a.k === 'spread' && v.t === 'arr' && v.items) out.push(...v.items)
    else out.push(v)
  }
  return out
}

function objectLiteral(m: Machine, members: readonly ObjectMember[], env: Env): Value {
  const p = new Map<string, Value>()
  let open = false
  let meta: Meta | undefined
  for (const member of members) {
    const v = evaluate(m, member.v, env)
    if (member.key === null) {
      const source = alternativesOf(m, v).filter(x => x.t !== 'null' && x.t !== 'undef' && !(x.t === 'bool' && !x.v))
      for (const x of source) {
        if (x.t === 'obj') {
          for (const [k, y] of x.p)
            p.set(k, source.length > 1 && p.has(k) ? joinValues(p.get(k) as Value, y, () => ++m.ids) : y)
          open ||= x.open === true
          meta = joinMeta(meta, x.m)
        } else {
          open = true
          meta = joinMeta(meta, metaOf(x))
        }
      }
      continue
    }
    if (typeof member.key === 'string') p.set(member.key, enterError(v, m.frame.mod.file, member.l))
    else {
      const key = evaluate(m, member.key, env)
      if (key.t === 'str' && key.v !== undefined) p.set(key.v, v)
      else {
        open = true
        meta = joinMeta(meta, joinMeta(metaOf(v), metaOf(key)))
      }
    }
  }
  return { t: 'obj', p, at: m.branch, ...(open ? { open } : {}), ...metaField(meta) }
}

/** A list that is put together from others and longer than this is data; which elements it has does not matter. */
const MAX_ITEMS = 10_000

function arrayLiteral(m: Machine, list: readonly Expr[], env: Env): Value {
  const items: Value[] = []
  let spread: Value | undefined
  for (const x of list) {
    const v = evaluate(m, x, env)
    if (x.k !== 'spread') items.push(v)
    else if (v.t === 'arr' && v.items && items.length + v.items.length <= MAX_ITEMS) items.push(...v.items)
    else spread = v
  }
  const e = items.length ? items.reduce((a, b) => joinValues(a, b, () => ++m.ids)) : UNDEF
  if (spread)
    return {
      t: 'arr',
      e: items.length
        ? joinValues(e, spread.t === 'arr' ? spread.e : unk(metaOf(spread)), () => ++m.ids)
        : spread.t === 'arr'
          ? spread.e
          : unk(metaOf(spread)),
      ...metaField(metaOf(spread, 1)),
    }
  return { t: 'arr', items, e }
}

const BROWSER: ReadonlySet<string> = new Set(['window', 'document', 'navigator', 'localStorage', 'sessionStorage'])

function unary(m: Machine, e: Extract<Expr, { k: 'un' }>, env: Env): Value {
  // The server has no window; what asks for it is the way of code that runs on both sides to tell them apart.
  if (e.op === 'typeof' && !m.client && e.e.k === 'id' && BROWSER.has(e.e.n) && !lookup(env, e.e.n))
    return { t: 'dom', d: 'typeof', s: { of: UNDEF } }
  const v = evaluate(m, e.e, env)
  if (e.op === '!') return negate(v)
  if (e.op === 'typeof') return { t: 'dom', d: 'typeof', s: { of: v } }
  if (e.op === 'void') return UNDEF
  if (e.op === '-' && v.t === 'num' && v.v !== undefined) return num(-v.v)
  if (e.op === '+' && (v.t === 'in' || metaOf(v)?.inp)) return toNumber(v)
  if (e.op === '++' || e.op === '--') {
    if (e.e.k === 'id') bind(m, { k: 'id', n: e.e.n }, { t: 'num' }, env, false)
    return { t: 'num' }
  }
  return { t: 'num', ...metaField(metaOf(v)) }
}

/** Number(x), parseInt(x), +x: the type becomes known, the size does not. */
export function toNumber(v: Value): Value {
  const m = metaOf(v)
  if (!m?.inp)
    return v.t === 'num'
      ? v
      : v.t === 'str' && v.v !== undefined && v.v !== '' && !Number.isNaN(Number(v.v))
        ? num(Number(v.v))
        : { t: 'num', ...metaField(m) }
  return { t: 'num', m: { ...m, inp: m.inp.map(r => ({ ref: r.ref, num: true })) } }
}

function logical(m: Machine, e: Extract<Expr, { k: 'log' }>, env: Env): Value {
  const a = evaluate(m, e.a, env)
  if (!m.path.live) return UNDEF
  if (e.op === '??') {
    const n = nullish(a)
    if (n === 'no') return a
    if (n === 'yes') return evaluate(m, e.b, env)
    const b = evaluateArm(m, e.b, env)
    return b === undefined ? a : joinValues(a, b, () => ++m.ids)
  }
  const t = truthiness(a)
  const wanted = e.op === '&&'
  if ((wanted && t === 'f') || (!wanted && t === 't')) return a
  if (t !== 'm') return evaluate(m, e.b, env)
  const base = m.path.facts
  let shortFacts: string[] = []
  let longFacts: string[] = []
  const results = fork(m, [
    () => {
      assume(m, a, !wanted)
      shortFacts = difference(m.path.facts, base)
      return resolveValue(m, a)
    },
    () => {
      assume(m, a, wanted)
      const v = m.path.live ? evaluate(m, e.b, env) : UNDEF
      longFacts = difference(m.path.facts, base)
      return v
    },
  ])
  const alts: Alternative[] = []
  if (results[0] !== undefined) alts.push({ v: results[0], f: shortFacts, k: wanted ? 'f' : 't' })
  if (results[1] !== undefined) alts.push({ v: results[1], f: longFacts })
  if (alts.length === 0) return UNDEF
  return makeUnion(m, alts)
}

/** Evaluates an expression that may or may not run. Undefined when it never completes (`x ?? redirect()`). */
function evaluateArm(m: Machine, e: Expr, env: Env): Value | undefined {
  return fork<Value | undefined>(m, [() => evaluate(m, e, env), () => undefined])[0]
}

/** `await`: executes query builders, unwraps the rest. */
export function settleValue(m: Machine, v: Value, at: { file: string; line: number; rt: Machine }): Value {
  if (v.t === 'dom') {
    const settle = domains[v.d]?.settle
    return settle ? settle(v, at) : v
  }
  if (v.t === 'union' && v.alts.some(a => a.v.t === 'dom' && domains[a.v.d]?.settle)) {
    return joinArms(
      m,
      mergeBuilders(alternativesOf(m, v)).map(x => () => settleValue(m, x, at)),
    )
  }
  return v
}

function jsx(m: Machine, e: Extract<Expr, { k: 'jsx' }>, env: Env): Value {
  const props = objectLiteral(m, e.p, env)
  const children = e.c.map(c => evaluate(m, c, env))
  if (props.t === 'obj' && children.length)
    props.p.set('children', children.length === 1 ? (children[0] as Value) : { t: 'arr', items: children, e: UNK })
  if (!m.client) shownError(m, props, e.l)
  const at = makeCall(m, [props], undefined, e.l, e.l, e.l, false)
  if (typeof e.t === 'string') {
    handOver(m, props, at)
    return { t: 'dom', d: 'element', s: null }
  }
  const component = evaluate(m, e.t, env)
  renderComponent(m, component, props, at)
  for (const c of children) if (c.t === 'fn') handOver(m, c, at)
  return { t: 'dom', d: 'element', s: null }
}
