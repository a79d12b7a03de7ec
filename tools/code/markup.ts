import type { Expr, FunctionIR, ObjectMember, Stmt } from './ir.ts'

/**
 * Elements of the page itself (`<div>`, fragments) matter for the functions that they are given and for what is called to make
 * them. The rest (class names, text, formatting) is most of an app's syntax tree and is dropped while lowering: what remains is
 * what the interpreter could learn something from.
 */
export function element(t: Expr | string, p: ObjectMember[], c: Expr[], l: number): Expr {
  if (typeof t === 'string') return { k: 'jsx', t, p: p.filter(matters), c: c.flatMap(x => kept(x)), l }
  const children = c.flatMap(x => (x.k === 'jsx' ? kept(x) : [x]))
  // Whether there are children at all may decide something.
  return { k: 'jsx', t, p, c: children.length === 0 && c.length > 0 ? [NOTHING] : children, l }
}

const NOTHING: Expr = { k: 'jsx', t: '', p: [], c: [], l: 0 }

/** A handler may be a plain name; everything else has to do something. */
function matters(attribute: ObjectMember): boolean {
  if (typeof attribute.key === 'string' && HANDLER.test(attribute.key)) return attribute.v.k !== 'lit'
  return attribute.key === null || !isInert(attribute.v)
}

const HANDLER = /^(on[A-Z]|action$|formAction$|ref$)/

/** Elements without anything of their own are replaced by what is inside them. */
function kept(x: Expr): Expr[] {
  if (isInert(x)) return []
  return x.k === 'jsx' && typeof x.t === 'string' && x.p.length === 0 ? x.c : [x]
}

/** Names whose properties are read from the request, or that may hide it. */
const REQUEST = /params|request|^req$|headers|cookies|props|env/i
/** Text of an error: whether it is shown to visitors is a question of its own. */
const ERROR_TEXT = /^(message|details|hint|stack)$/
const FORMATTING = new Set(
  'at charAt concat endsWith filter find flat flatMap includes indexOf join length localeCompare map padEnd padStart repeat replace replaceAll reverse slice some sort split startsWith substring toFixed toISOString toLocaleDateString toLocaleString toLocaleTimeString toLowerCase toString toUpperCase trim'.split(
    ' ',
  ),
)
const PURE_GLOBALS = new Set(['String', 'Number', 'Boolean', 'parseInt', 'parseFloat', 'encodeURIComponent', 'Date'])
const PURE_NAMESPACES = new Set(['Math', 'Object', 'Array', 'Number', 'String', 'Date', 'JSON'])

/** Evaluating it can have no effect, whatever its names stand for. */
function isInert(e: Expr): boolean {
  switch (e.k) {
    case 'lit':
    case 'undef':
    case 'regex':
    case 'id':
      return true
    case 'mem':
      return !REQUEST.test(e.p) && !ERROR_TEXT.test(e.p) && !(e.o.k === 'id' && REQUEST.test(e.o.n)) && isInert(e.o)
    case 'idx':
      return isInert(e.o) && isInert(e.i)
    case 'tpl':
    case 'arr':
      return e.e.every(isInert)
    case 'bin':
    case 'log':
      return isInert(e.a) && isInert(e.b)
    case 'cond':
      return isInert(e.c) && isInert(e.t) && isInert(e.f)
    case 'un':
      return (e.op === '!' || e.op === '-' || e.op === '+' || e.op === 'typeof') && isInert(e.e)
    case 'spread':
      return isInert(e.e)
    case 'obj':
      return e.p.every(m => (typeof m.key !== 'object' || m.key === null || isInert(m.key)) && isInert(m.v))
    case 'jsx':
      return typeof e.t === 'string' && e.p.length === 0 && e.c.length === 0
    case 'call':
      return isPureCallee(e.f) && e.a.every(a => isInert(a) || (a.k === 'fn' && isInertFunction(a.d)))
    default:
      return false
  }
}

function isPureCallee(f: Expr): boolean {
  if (f.k === 'id') return PURE_GLOBALS.has(f.n)
  if (f.k !== 'mem') return false
  if (f.o.k === 'id' && PURE_NAMESPACES.has(f.o.n)) return true
  return FORMATTING.has(f.p) && isInert(f.o)
}

function isInertFunction(d: FunctionIR): boolean {
  return d.async === undefined && d.p.every(p => p.d === undefined) && d.b.every(isInertStatement)
}

function isInertStatement(s: Stmt): boolean {
  switch (s.k) {
    case 'ret':
      return s.e === undefined || isInert(s.e)
    case 'var':
      return s.d.every(d => d.v === undefined || isInert(d.v))
    case 'if':
      return isInert(s.c) && s.t.every(isInertStatement) && (s.f ?? []).every(isInertStatement)
    default:
      return false
  }
}
