import { plus } from './expr.ts'
import { type Machine, makeUnion, mapUnion, nullish, validFacts } from './machine.ts'
import type { Meta, Value } from './values.ts'
import { BOOL, FALSE, joinMeta, literal, metaOf, num, TRUE } from './values.ts'

/** Binary operators. Comparisons return alternatives that carry what they prove. */
export function compare(m: Machine, op: string, a: Value, b: Value): Value {
  switch (op) {
    case '===':
    case '==':
      return equals(m, a, b)
    case '!==':
    case '!=':
      return flip(equals(m, a, b))
    case '<':
    case '<=':
      return ordered(m, a, b)
    case '>':
    case '>=':
      return ordered(m, b, a)
    case 'instanceof':
      return instanceOf(m, a, b)
    case 'in':
      return hasProperty(m, a, b)
    case '+':
      return plus(a, b)
    default: {
      const folded = arithmetic(op, literal(a), literal(b))
      if (folded !== undefined && !metaOf(a) && !metaOf(b)) return num(folded)
      const meta = joinMeta(metaOf(a), metaOf(b))
      return meta ? { t: 'num', m: op === '&' || op === '%' ? meta : meta } : { t: 'num' }
    }
  }
}

/** `60 * 60 * 24`, as lifetimes and limits are written. */
function arithmetic(op: string, a: unknown, b: unknown): number | undefined {
  if (typeof a !== 'number' || typeof b !== 'number') return undefined
  if (op === '*') return a * b
  if (op === '-') return a - b
  if (op === '/') return a / b
  if (op === '%') return a % b
  return op === '**' ? a ** b : undefined
}

function flip(v: Value): Value {
  if (v.t === 'bool' && v.v !== undefined) return v.v ? FALSE : TRUE
  if (v.t === 'union') return { ...v, alts: v.alts.map(a => ({ ...a, v: flip(a.v) })) }
  return v
}

/** A boolean whose truth proves the facts. */
export function proof(m: Machine, facts: readonly string[], whenFalse: readonly string[] = []): Value {
  if (facts.length === 0 && whenFalse.length === 0) return BOOL
  return makeUnion(m, [
    { v: TRUE, f: facts },
    { v: FALSE, f: whenFalse },
  ])
}

function equals(m: Machine, a: Value, b: Value): Value {
  if (a.t === 'dom' && a.d === 'typeof') return typeEquals(m, (a.s as { of: Value }).of, literal(b))
  if (b.t === 'dom' && b.d === 'typeof') return typeEquals(m, (b.s as { of: Value }).of, literal(a))
  if (b.t === 'null' || b.t === 'undef') return mapUnion(a, x => tri(nullish(x)))
  if (a.t === 'null' || a.t === 'undef') return mapUnion(b, x => tri(nullish(x)))
  const la = literal(a)
  const lb = literal(b)
  const ma = metaOf(a)
  const mb = metaOf(b)
  if (la !== undefined && lb !== undefined && !ma && !mb) return la === lb ? TRUE : FALSE
  const stage = stageFacts(m, la, lb, ma, mb)
  if (stage) return stage
  const facts = equalityFacts(a, b, ma, mb, la !== undefined || isConstant(a), lb !== undefined || isConstant(b))
  if (facts.length) return proof(m, facts)
  if (lb !== undefined && a.t === 'union') return mapUnion(a, x => literalEquals(x, lb))
  if (la !== undefined && b.t === 'union') return mapUnion(b, x => literalEquals(x, la))
  return BOOL
}

function isConstant(v: Value): boolean {
  return v.t === 'union' && v.alts.every(a => literal(a.v) !== undefined)
}

function literalEquals(x: Value, wanted: string | number | boolean | null): Value {
  const l = literal(x)
  if (x.t === 'undef' || x.t === 'null' || x.t === 'obj' || x.t === 'fn')
    return wanted === null && x.t === 'null' ? TRUE : FALSE
  return l === undefined ? BOOL : l === wanted ? TRUE : FALSE
}

/** `process.env.NODE_ENV === 'development'`: what follows never runs where users are. */
function stageFacts(
  m: Machine,
  la: unknown,
  lb: unknown,
  ma: Meta | undefined,
  mb: Meta | undefined,
): Value | undefined {
  const name = ma?.env ?? mb?.env
  const stage = typeof la === 'string' ? la : lb
  if (!name || typeof stage !== 'string' || !/(^|_)(NODE|APP|VERCEL|DEPLOY)?_?ENV(IRONMENT)?$/.test(name))
    return undefined
  if (/^(dev|development|local|test)$/.test(stage)) return proof(m, ['dev-only'])
  return /^prod(uction)?$/.test(stage) ? proof(m, [], ['dev-only']) : undefined
}

/** What holds when the two are equal. */
function equalityFacts(
  a: Value,
  b: Value,
  ma: Meta | undefined,
  mb: Meta | undefined,
  aConstant: boolean,
  bConstant: boolean,
): string[] {
  const out: string[] = []
  const presented = (x: Meta | undefined) => Boolean(x?.inp?.length || x?.credential)
  // A presented value equal to a configured secret authenticates the caller (cron and webhook endpoints).
  if ((presented(ma) && mb?.env) || (presented(mb) && ma?.env)) out.push('secret')
  // A word in a header that anybody can send proves nothing, yet it says whom the endpoint is for.
  if ((claims(ma) && (bConstant || mb?.env)) || (claims(mb) && (aConstant || ma?.env))) out.push('claimed')
  if (bConstant && !mb?.inp) out.push(...validFacts(a))
  if (aConstant && !ma?.inp) out.push(...validFacts(b))
  // The same as something the server knows already.
  if (ma?.inp && mb?.rows && !mb.caller) out.push(...validFacts(a))
  if (mb?.inp && ma?.rows && !ma.caller) out.push(...validFacts(b))
  // Row column equal to the caller's verified id.
  if ((ma?.auth && (mb?.rows || mb?.inp)) || (mb?.auth && (ma?.rows || ma?.inp))) {
    out.push('owner')
    if (ma?.auth) out.push(...validFacts(b))
    if (mb?.auth) out.push(...validFacts(a))
  }
  // A column of the caller's own row (profile.role) equal to a word.
  const word = (v: Value) =>
    v.t === 'union' ? v.alts.every(x => typeof literal(x.v) === 'string') : typeof literal(v) === 'string'
  if ((bConstant && ma?.auth && word(b)) || (aConstant && mb?.auth && word(a))) out.push('role', 'auth')
  return out
}

function claims(m: Meta | undefined): boolean {
  return m?.inp?.some(i => /^header\..*(auth|cron|internal|secret|token|key|signature|admin)/.test(i.ref)) === true
}

function tri(x: 'yes' | 'no' | 'maybe'): Value {
  return x === 'yes' ? TRUE : x === 'no' ? FALSE : BOOL
}

function typeEquals(m: Machine, v: Value, type: unknown): Value {
  if (typeof type !== 'string') return BOOL
  const facts = type === 'undefined' || type === 'object' ? [] : validFacts(v)
  if (facts.length) return proof(m, facts)
  return mapUnion(v, x => {
    switch (x.t) {
      case 'undef':
        return type === 'undefined' ? TRUE : FALSE
      case 'null':
        return type === 'object' ? TRUE : FALSE
      case 'str':
        return type === 'string' ? TRUE : FALSE
      case 'num':
        return type === 'number' ? TRUE : FALSE
      case 'bool':
        return type === 'boolean' ? TRUE : FALSE
      case 'obj':
      case 'arr':
      case 'dom':
        return x.t === 'dom' && x.d === 'user' ? BOOL : type === 'object' ? TRUE : FALSE
      case 'fn':
      case 'native':
        return type === 'function' ? TRUE : FALSE
      default:
        return BOOL
    }
  })
}

/** a < b. An upper bound on caller input validates its size. */
function ordered(m: Machine, a: Value, b: Value): Value {
  const la = literal(a)
  const lb = literal(b)
  if (typeof la === 'number' && typeof lb === 'number' && !metaOf(a) && !metaOf(b)) return la < lb ? TRUE : FALSE
  const small = metaOf(a)?.inp && !metaOf(b)?.inp ? validFacts(a) : []
  const large = metaOf(b)?.inp && !metaOf(a)?.inp ? validFacts(b) : []
  // input < bound: true bounds it. bound < input: false bounds it — unless the bound is 0 or 1 (a check for emptiness).
  const trivial = (x: unknown) => typeof x === 'number' && x <= 1
  return proof(m, trivial(lb) ? [] : small, trivial(la) ? [] : large)
}

function instanceOf(m: Machine, v: Value, type: Value): Value {
  const wanted = type.t === 'native' ? type.name : type.t === 'ext' ? type.path : undefined
  const isResponse = wanted === 'Response' || wanted === 'NextResponse'
  if (wanted === 'File' || wanted === 'Blob') {
    const facts = validFacts(v)
    if (facts.length) return proof(m, facts)
  }
  const own = wanted?.startsWith('class ') ? wanted.slice(6) : undefined
  return mapUnion(v, x => {
    // A schema's own error: only what a schema threw.
    if (wanted === 'ZodError' || wanted === 'ValidationError' || wanted === 'ValiError') {
      const err = metaOf(x)?.err
      if (err) return err.includes('validation') ? TRUE : FALSE
    }
    // What a database, a library or the language throws is never a class of the app's own.
    if (own && x.t === 'obj' && x.cls) return x.cls === own || x.p.has(`__is:${own}`) ? TRUE : FALSE
    if (own && metaOf(x)?.err) return FALSE
    if (x.t === 'dom' && x.d === 'response') return isResponse ? TRUE : FALSE
    if (isResponse) return x.t === 'unk' || x.t === 'ext' ? BOOL : FALSE
    if (x.t === 'null' || x.t === 'undef' || x.t === 'str' || x.t === 'num' || x.t === 'bool') return FALSE
    return BOOL
  })
}

function hasProperty(m: Machine, key: Value, container: Value): Value {
  const k = literal(key)
  const inputs = validFacts(key)
  if (inputs.length && !metaOf(container)?.inp) return proof(m, inputs)
  if (typeof k !== 'string') return BOOL
  return mapUnion(container, x => {
    if (x.t === 'obj') return x.p.has(k) ? TRUE : x.open ? BOOL : FALSE
    if (x.t === 'dom' && x.d === 'response') return FALSE
    if (x.t === 'dom' && x.d === 'user') return k === 'error' ? FALSE : BOOL
    return BOOL
  })
}
