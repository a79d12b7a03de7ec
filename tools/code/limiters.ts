import type { Expr, FunctionIR, ModuleIR, Pattern, Stmt } from './ir.ts'
import type { OpenLimiter } from './model.ts'

const LIMITER = /rate_?limit|ratelimit|throttl|limiter|allow(Request|Search|Action|Call)|checkLimit|quota/i
/** Functions whose `true` means "stop". */
const NEGATIVE = /^is.*(limited|blocked|exceeded|throttled)|tooMany|exceeds/i
const RESOURCE = /redis|limiter|limit|kv|upstash|client|env|url|token/i

/**
 * Limiters that say "allowed" when they cannot tell: on an error, or when they are not configured. A limiter is a function that is
 * called one, or that asks one. Read from the IR because it is about how a function is written, not about what a path proves.
 */
export function openLimitersIn(modules: ReadonlyMap<string, ModuleIR>): OpenLimiter[] {
  const out: OpenLimiter[] = []
  for (const [file, ir] of modules) {
    if (!ir.limits) continue
    for (const { name, fn } of functionsOf(ir.body)) {
      if (!LIMITER.test(name) && !asksLimiter(fn.b)) continue
      if (/^(GET|POST|PUT|PATCH|DELETE)$/.test(name) || !returnsVerdict(fn)) continue
      for (const found of openReturns(fn, NEGATIVE.test(name))) out.push({ file, name, ...found })
    }
  }
  const seen = new Set<string>()
  return out.filter(o => !seen.has(`${o.file}:${o.line}`) && seen.add(`${o.file}:${o.line}`))
}

function functionsOf(body: readonly Stmt[]): { name: string; fn: FunctionIR }[] {
  const out: { name: string; fn: FunctionIR }[] = []
  const visit = (node: unknown, name: string): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) {
      for (const x of node) visit(x, name)
      return
    }
    const n = node as Record<string, unknown>
    if (n.k === 'fn') {
      const fn = n.d as FunctionIR
      out.push({ name: fn.n ?? name, fn })
      visit(fn.b, fn.n ?? name)
      return
    }
    if (n.k === 'var') {
      for (const d of n.d as { t: Pattern; v?: Expr }[]) visit(d.v, d.t.k === 'id' ? d.t.n : name)
      return
    }
    if (Array.isArray(n.members)) {
      for (const x of n.members as { n: string; v: unknown }[]) visit(x.v, x.n)
      return
    }
    for (const [key, x] of Object.entries(n)) if (key !== 'k') visit(x, typeof n.key === 'string' ? n.key : name)
  }
  visit(body, '')
  return out
}

function asksLimiter(body: unknown): boolean {
  // Counters in the database are asked through rpc('…rate_limit…').
  return some(body, n => n.k === 'call' && (isLimiterCall(n) || isLimiterRpc(n)))
}

function isLimiterRpc(n: Record<string, unknown>): boolean {
  const f = n.f as Expr
  const name = (n.a as Expr[])[0]
  return f.k === 'mem' && f.p === 'rpc' && name?.k === 'lit' && /rate_?limit|throttle/i.test(String(name.v))
}

function isLimiterCall(n: Record<string, unknown>): boolean {
  const f = n.f as Expr
  if (f.k !== 'mem' || !/^(limit|consume|check|blockUntilReady)$/.test(f.p)) return false
  return f.o.k === 'id'
    ? /limit/i.test(f.o.n)
    : f.o.k === 'mem'
      ? /limit/i.test(f.o.p)
      : f.o.k === 'call' && f.o.f.k === 'id' && /limit/i.test(f.o.f.n)
}

/** Something that answers "may they?": it returns a boolean or an object with such a field. */
function returnsVerdict(fn: FunctionIR): boolean {
  return some(fn.b, n => n.k === 'ret' && n.e !== undefined)
}

function openReturns(fn: FunctionIR, negative: boolean): { line: number; when: OpenLimiter['when'] }[] {
  const out: { line: number; when: OpenLimiter['when'] }[] = []
  const returnsOf = (body: readonly Stmt[]): Extract<Stmt, { k: 'ret' }>[] =>
    body.flatMap(s =>
      s.k === 'ret'
        ? [s]
        : s.k === 'blk'
          ? returnsOf(s.b)
          : s.k === 'if'
            ? [...returnsOf(s.t), ...returnsOf(s.f ?? [])]
            : [],
    )
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.k === 'try') {
        visit(s.b)
        for (const r of returnsOf(s.c ?? [])) if (r.e && allows(r.e, negative)) out.push({ line: r.l, when: 'error' })
        visit(s.f ?? [])
      } else if (s.k === 'if') {
        const cause = causeOf(s.c)
        if (cause)
          for (const r of returnsOf(s.t)) if (r.e && allows(r.e, negative)) out.push({ line: r.l, when: cause })
        if (!cause) visit(s.t)
        visit(s.f ?? [])
      } else if (s.k === 'blk' || s.k === 'loop') visit(s.b)
      for (const line of caught(s, negative)) out.push({ line, when: 'error' })
    }
  }
  visit(fn.b)
  return out
}

/** `limiter.limit(key).catch(() => ({ success: true }))` */
function caught(s: Stmt, negative: boolean): number[] {
  const out: number[] = []
  if (s.k === 'try' || s.k === 'if' || s.k === 'blk' || s.k === 'loop') return out
  some(s, n => {
    const f = n.k === 'call' ? (n.f as Expr) : undefined
    if (f?.k === 'mem' && f.p === 'catch') {
      const handler = (n.a as Expr[])[0]
      const body = handler?.k === 'fn' ? handler.d.b[0] : undefined
      if (body?.k === 'ret' && body.e && allows(body.e, negative)) out.push(body.l)
    }
    return false
  })
  return out
}

/** Why the branch is taken: an error, or something that is not there. Development-only branches are neither. */
function causeOf(c: Expr): OpenLimiter['when'] | undefined {
  const text = JSON.stringify(c)
  if (text.includes('"NODE_ENV"')) return undefined
  if (c.k === 'id' && /^(e|err|error|.*Error)$/.test(c.n)) return 'error'
  if (c.k === 'mem' && c.p === 'error') return 'error'
  if (c.k === 'un' && c.op === '!') {
    const inner = c.e
    if (inner.k === 'id' && RESOURCE.test(inner.n)) return 'not-configured'
    if (inner.k === 'mem' && (RESOURCE.test(inner.p) || text.includes('"env"'))) return 'not-configured'
    if (inner.k === 'call') return /config|enabled|available/i.test(text) ? 'not-configured' : undefined
  }
  if (c.k === 'log' && c.op === '||') return causeOf(c.a) ?? causeOf(c.b)
  if (
    c.k === 'bin' &&
    (c.op === '===' || c.op === '==') &&
    (c.b.k === 'undef' || (c.b.k === 'lit' && c.b.v === null)) &&
    RESOURCE.test(text)
  )
    return 'not-configured'
  return undefined
}

function allows(e: Expr, negative: boolean): boolean {
  if (e.k === 'lit' && typeof e.v === 'boolean') return negative ? !e.v : e.v
  if (e.k === 'obj') {
    for (const p of e.p) {
      if (typeof p.key !== 'string' || p.v.k !== 'lit' || typeof p.v.v !== 'boolean') continue
      if (/^(success|allowed|ok|isAllowed|allow|pass(ed)?)$/i.test(p.key)) return p.v.v
      if (/^(limited|isLimited|blocked|rateLimited|isRateLimited|denied|exceeded)$/i.test(p.key)) return !p.v.v
    }
    return false
  }
  if (e.k === 'await') return allows(e.e, negative)
  return false
}

function some(node: unknown, test: (n: Record<string, unknown>) => boolean): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some(x => some(x, test))
  const n = node as Record<string, unknown>
  if (typeof n.k === 'string' && test(n)) return true
  return Object.values(n).some(x => typeof x === 'object' && some(x, test))
}
