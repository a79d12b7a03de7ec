import { loadParser } from '../../../tools/schema/sql/parse.ts'

/**
 * Boolean SQL in a normal form in which "is true" can be compared: AND and OR flattened and sorted, `(select f())` is f(), membership in
 * a list is OR, `x in (select …)` is EXISTS, aliases are gone. What it does not know stays a leaf, equal only to itself.
 */
export type Formula =
  | { op: 'true' }
  | { op: 'false' }
  | { op: 'and' | 'or'; args: Formula[] }
  | { op: 'not'; arg: Formula }
  | { op: 'exists'; relations: string[]; where: Formula }
  | { op: 'leaf'; key: string; calls: string[] }

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Tree = { [key: string]: Json }

export const TRUE: Formula = { op: 'true' }
export const FALSE: Formula = { op: 'false' }

/**
 * Formula of an expression as the catalogs print it. `table` is the qualified name of the table whose rows it is about.
 * Undefined when it cannot be parsed.
 */
export async function formulaOf(expression: string, table: string): Promise<Formula | undefined> {
  const parser = await loadParser()
  try {
    const stmt = parser(`select (${expression})`).stmts?.[0]?.stmt as unknown as Tree | undefined
    const target = at(stmt, 'SelectStmt', 'targetList', 0, 'ResTarget', 'val') as Tree | undefined
    return target
      ? formula(target, { table: table.split('.').at(-1) ?? table, aliases: new Map(), depth: 0 })
      : undefined
  } catch {
    return undefined
  }
}

interface Scope {
  table: string
  /** Alias → canonical name of the relation it stands for. */
  aliases: Map<string, string>
  depth: number
}

function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let here: Json | undefined = value
  for (const step of path) {
    if (here === null || typeof here !== 'object') return undefined
    here = (here as { [key: string | number]: Json })[step]
  }
  return here
}

function formula(node: Tree, scope: Scope): Formula {
  const bool = node.BoolExpr as Tree | undefined
  if (bool) {
    // Below a NOT "is true" is not enough: null must stay null. What stands there is equal to itself only.
    if (bool.boolop === 'NOT_EXPR') return not(leaf((bool.args as Tree[])[0]!, scope))
    const args = ((bool.args as Tree[]) ?? []).map(arg => formula(arg, scope))
    return bool.boolop === 'AND_EXPR' ? and(args) : or(args)
  }
  const constant = at(node, 'A_Const', 'boolval')
  if (constant !== undefined) return at(constant, 'boolval') === true ? TRUE : FALSE
  const unwrapped = scalarOf(node)
  if (unwrapped) return formula(unwrapped, scope)
  const cast = node.TypeCast as Tree | undefined
  if (cast && typeName(cast) === 'bool') return formula(cast.arg as Tree, scope)
  const test = node.BooleanTest as Tree | undefined
  if (test?.booltesttype === 'IS_TRUE') return formula(test.arg as Tree, scope)
  const coalesce = at(node, 'CoalesceExpr', 'args') as Tree[] | undefined
  if (
    coalesce?.length === 2 &&
    at(coalesce[1]!, 'A_Const', 'boolval') &&
    !at(coalesce[1]!, 'A_Const', 'boolval', 'boolval')
  )
    return formula(coalesce[0]!, scope)
  if (node.SubLink) return subLink(node.SubLink as Tree, scope) ?? leaf(node, scope)
  if (node.A_Expr) return comparison(node.A_Expr as Tree, scope) ?? leaf(node, scope)
  return leaf(node, scope)
}

/** `x = any (array[a, b])` and `x in (a, b)` are alternatives; `x <> all (…)` the reverse; a scalar subquery compared is EXISTS. */
function comparison(expr: Tree, scope: Scope): Formula | undefined {
  const name = at(expr.name as Json, 0, 'String', 'sval')
  const left = expr.lexpr as Tree | undefined
  const right = expr.rexpr as Tree | undefined
  const kind = expr.kind
  if (!left || !right || typeof name !== 'string') return undefined
  const elements = arrayElements(right)
  if (elements && (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL')) {
    const parts = elements.map(element => pair(name, left, element, scope))
    return kind === 'AEXPR_OP_ANY' ? or(parts) : and(parts)
  }
  if (kind === 'AEXPR_OP_ANY') {
    const inner = stripCasts(right)
    const sub = inner.SubLink as Tree | undefined
    if (sub?.subLinkType === 'ARRAY_SUBLINK') return membership(left, sub, name, scope)
    return undefined
  }
  if (kind === 'AEXPR_IN') {
    const parts = (at(right, 'List', 'items') as Tree[] | undefined)?.map(item => pair('=', left, item, scope))
    return name === '=' ? parts && or(parts) : undefined
  }
  if (kind !== 'AEXPR_OP') return undefined
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const value = at(other, 'A_Const', 'boolval')
    if (value !== undefined && name === '=')
      return at(value, 'boolval') === true ? formula(side, scope) : not(leaf(side, scope))
    const sub = stripCasts(side).SubLink as Tree | undefined
    if (sub?.subLinkType === 'EXPR_SUBLINK' && !scalarOf(stripCasts(side))) {
      const swapped = side === left ? name : flipped(name)
      if (swapped) return membership(other, sub, flipped(swapped) ?? swapped, scope)
    }
  }
  return pair(name, left, right, scope)
}

const FLIPPED: Record<string, string> = { '=': '=', '<>': '<>', '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

function flipped(name: string): string | undefined {
  return FLIPPED[name]
}

function pair(name: string, left: Tree, right: Tree, scope: Scope): Formula {
  let [a, b, op] = [term(left, scope), term(right, scope), name]
  if (op === '>' || op === '>=') [a, b, op] = [b, a, FLIPPED[op]!]
  if ((op === '=' || op === '<>') && b.key < a.key) [a, b] = [b, a]
  return { op: 'leaf', key: `${a.key} ${op} ${b.key}`, calls: [...a.calls, ...b.calls] }
}

function subLink(sub: Tree, scope: Scope): Formula | undefined {
  const select = at(sub.subselect as Json, 'SelectStmt') as Tree | undefined
  if (!select) return undefined
  if (sub.subLinkType === 'EXISTS_SUBLINK') return existence(select, scope)
  if (sub.subLinkType !== 'ANY_SUBLINK' || !sub.testexpr) return undefined
  const name = at(sub.operName as Json, 0, 'String', 'sval') ?? '='
  return typeof name === 'string' ? membership(sub.testexpr as Tree, sub, name, scope) : undefined
}

/** `x op (any of) (select column from … where …)`: a row exists whose column stands in that relation to x. */
function membership(tested: Tree, sub: Tree, name: string, scope: Scope): Formula | undefined {
  const select = at(sub.subselect as Json, 'SelectStmt') as Tree | undefined
  const targets = (select?.targetList as Tree[] | undefined) ?? []
  const column = at(targets[0], 'ResTarget', 'val') as Tree | undefined
  if (!select || targets.length !== 1 || !column) return undefined
  if (!(select.fromClause as Tree[] | undefined)?.length) return undefined
  return existence(select, scope, inner => pairAcross(name, tested, scope, column, inner))
}

function pairAcross(name: string, left: Tree, outer: Scope, right: Tree, inner: Scope): Formula {
  let [a, b, op] = [term(left, outer), term(right, inner), name]
  if (op === '>' || op === '>=') [a, b, op] = [b, a, FLIPPED[op]!]
  if ((op === '=' || op === '<>') && b.key < a.key) [a, b] = [b, a]
  return { op: 'leaf', key: `${a.key} ${op} ${b.key}`, calls: [...a.calls, ...b.calls] }
}

/** Clauses that change which rows a query has, beyond FROM and WHERE. */
const SHAPING = [
  'groupClause',
  'havingClause',
  'limitCount',
  'limitOffset',
  'withClause',
  'op',
  'windowClause',
  'valuesLists',
  'lockingClause',
]

function existence(select: Tree, scope: Scope, extra?: (inner: Scope) => Formula): Formula | undefined {
  if (SHAPING.some(clause => shapes(select[clause]))) return undefined
  const inner: Scope = { ...scope, aliases: new Map(scope.aliases), depth: scope.depth + 1 }
  const relations: string[] = []
  const conditions: Tree[] = []
  const known = ((select.fromClause as Tree[] | undefined) ?? []).every(item =>
    addRelation(item, inner, relations, conditions),
  )
  if (!known) return undefined
  if (relations.length === 0) return undefined
  const where = select.whereClause as Tree | undefined
  const parts = [...conditions, ...(where ? [where] : [])].map(part => formula(part, inner))
  if (extra) parts.push(extra(inner))
  return { op: 'exists', relations: [...relations].sort(), where: and(parts) }
}

function shapes(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === 'SETOP_NONE') return false
  return !(Array.isArray(value) && value.length === 0)
}

function addRelation(item: Tree, scope: Scope, relations: string[], conditions: Tree[]): boolean {
  const join = item.JoinExpr as Tree | undefined
  if (join) {
    if (join.jointype !== 'JOIN_INNER' || join.usingClause || join.isNatural) return false
    if (join.quals) conditions.push(join.quals as Tree)
    return (
      addRelation(join.larg as Tree, scope, relations, conditions) &&
      addRelation(join.rarg as Tree, scope, relations, conditions)
    )
  }
  const range = item.RangeVar as Tree | undefined
  if (!range) return false
  const name = [range.schemaname, range.relname].filter(part => typeof part === 'string').join('.')
  const alias = at(range, 'alias', 'aliasname') ?? range.relname
  if (typeof alias !== 'string') return false
  const canonical = `${scope.depth}:${name}#${relations.filter(one => one.startsWith(`${scope.depth}:${name}#`)).length}`
  relations.push(canonical)
  scope.aliases.set(alias, canonical)
  return true
}

/** The expression of `(select expression)` without FROM. */
function scalarOf(node: Tree): Tree | undefined {
  const sub = node.SubLink as Tree | undefined
  if (sub?.subLinkType !== 'EXPR_SUBLINK') return undefined
  const select = at(sub.subselect as Json, 'SelectStmt') as Tree | undefined
  if (!select || (select.fromClause as Tree[] | undefined)?.length || select.whereClause) return undefined
  if (SHAPING.some(clause => shapes(select[clause]))) return undefined
  const targets = (select.targetList as Tree[] | undefined) ?? []
  return targets.length === 1 ? (at(targets[0], 'ResTarget', 'val') as Tree | undefined) : undefined
}

function arrayElements(node: Tree): Tree[] | undefined {
  const array = stripCasts(node).A_ArrayExpr as Tree | undefined
  return array && ((array.elements as Tree[] | undefined) ?? [])
}

function stripCasts(node: Tree): Tree {
  const cast = node.TypeCast as Tree | undefined
  return cast ? stripCasts(cast.arg as Tree) : node
}

function typeName(cast: Tree): string {
  const names = (at(cast, 'typeName', 'names') as Tree[] | undefined) ?? []
  return String(at(names.at(-1), 'String', 'sval') ?? '')
}

/** Casts that keep what a value identifies. With a length (`varchar(1)`) they cut it. */
const FAITHFUL = new Set(['uuid', 'text', 'varchar'])

function isFaithful(cast: Tree): boolean {
  if ((at(cast, 'typeName', 'typmods') as Json[] | undefined)?.length) return false
  return FAITHFUL.has(typeName(cast)) || at(cast.arg as Json, 'A_Const') !== undefined
}

interface Term {
  key: string
  calls: string[]
}

function leaf(node: Tree, scope: Scope): Formula {
  const { key, calls } = term(node, scope)
  return { op: 'leaf', key, calls }
}

/** A value as canonical text. */
function term(node: Tree, scope: Scope): Term {
  const calls: string[] = []
  return { key: JSON.stringify(canonical(node, scope, calls)), calls }
}

function canonical(value: Json | undefined, scope: Scope, calls: string[]): Json {
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null
  if (Array.isArray(value)) return value.map(item => canonical(item, scope, calls))
  const scalar = scalarOf(value)
  if (scalar) return canonical(scalar, scope, calls)
  const cast = value.TypeCast as Tree | undefined
  if (cast && isFaithful(cast)) return canonical(cast.arg as Tree, scope, calls)
  if (value.ColumnRef) return { column: columnName(value.ColumnRef as Tree, scope) }
  if (value.FuncCall) calls.push(callName(value.FuncCall as Tree))
  const out: { [key: string]: Json } = {}
  for (const [name, item] of Object.entries(value)) {
    if (name === 'location' || name === 'rexpr_list_start' || name === 'rexpr_list_end') continue
    if (/^(start|end|stmt)(_?location|_?len)$/.test(name)) continue
    out[name] = canonical(item, scope, calls)
  }
  return out
}

function columnName(ref: Tree, scope: Scope): string {
  const parts = ((ref.fields as Tree[]) ?? []).map(field => String(at(field, 'String', 'sval') ?? '*'))
  if (parts.length === 1) {
    // The catalogs qualify columns inside subqueries; a bare one there is of the only relation.
    const only = [...scope.aliases.values()].filter(name => name.startsWith(`${scope.depth}:`))
    return scope.depth > 0 && only.length === 1 ? `${only[0]}.${parts[0]}` : `@.${parts[0]}`
  }
  const [qualifier, column] = [parts.at(-2)!, parts.at(-1)!]
  const known = scope.aliases.get(qualifier)
  if (known) return `${known}.${column}`
  return qualifier === scope.table ? `@.${column}` : parts.join('.')
}

function callName(call: Tree): string {
  return ((call.funcname as Tree[]) ?? []).map(part => String(at(part, 'String', 'sval') ?? '')).join('.')
}

export function callsOf(f: Formula): string[] {
  if (f.op === 'leaf') return f.calls
  if (f.op === 'and' || f.op === 'or') return f.args.flatMap(callsOf)
  if (f.op === 'not') return callsOf(f.arg)
  return f.op === 'exists' ? callsOf(f.where) : []
}

export function keyOf(f: Formula): string {
  if (f.op === 'leaf') return f.key
  if (f.op === 'and' || f.op === 'or') return `${f.op}(${f.args.map(keyOf).join(', ')})`
  if (f.op === 'not') return `not(${keyOf(f.arg)})`
  return f.op === 'exists' ? `exists(${f.relations.join(', ')} | ${keyOf(f.where)})` : f.op
}

export function not(f: Formula): Formula {
  if (f.op === 'true') return FALSE
  if (f.op === 'false') return TRUE
  return f.op === 'not' ? f.arg : { op: 'not', arg: f }
}

export function and(args: Formula[]): Formula {
  return combine('and', args, TRUE, FALSE)
}

export function or(args: Formula[]): Formula {
  return combine('or', args, FALSE, TRUE)
}

function combine(op: 'and' | 'or', args: Formula[], neutral: Formula, absorbing: Formula): Formula {
  const flat = args.flatMap(arg => (arg.op === op ? arg.args : [arg])).filter(arg => arg.op !== neutral.op)
  if (flat.some(arg => arg.op === absorbing.op)) return absorbing
  const unique = [...new Map(flat.map(arg => [keyOf(arg), arg])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, arg]) => arg)
  if (unique.length === 0) return neutral
  return unique.length === 1 ? unique[0]! : { op, args: unique }
}

/** Whether every row for which `a` is true is one for which `b` is true, as far as structure proves it. False means "not proven". */
export function implies(a: Formula, b: Formula): boolean {
  if (a.op === 'false' || b.op === 'true') return true
  if (keyOf(a) === keyOf(b)) return true
  if (a.op === 'or') return a.args.every(arg => implies(arg, b))
  if (b.op === 'and') return b.args.every(arg => implies(a, arg))
  if (b.op === 'or' && b.args.some(arg => implies(a, arg))) return true
  if (a.op === 'and') return a.args.some(arg => implies(arg, b))
  if (a.op === 'exists' && b.op === 'exists')
    return b.relations.every(name => a.relations.includes(name)) && implies(a.where, b.where)
  return false
}

const SIGNED_IN = /^auth\.(uid|jwt|email)$/

/** True for nobody who is not signed in: it compares something of theirs, which is null. */
export function needsUser(f: Formula): boolean {
  if (f.op === 'false') return true
  if (f.op === 'and') return f.args.some(needsUser)
  if (f.op === 'or') return f.args.every(needsUser)
  if (f.op === 'exists') return needsUser(f.where)
  if (f.op !== 'leaf') return false
  if (/IS_NULL/.test(f.key)) return false
  if (/"nulltesttype":"IS_NOT_NULL"/.test(f.key)) return f.calls.includes('auth.uid')
  if (
    / (=|<|<=) /.test(f.key) &&
    !/coalesce|CaseExpr|IS_NOT_DISTINCT|DISTINCT/i.test(f.key) &&
    f.calls.some(name => SIGNED_IN.test(name))
  )
    return true
  return f.calls.includes('auth.role') && / = /.test(f.key) && f.key.includes('"authenticated"')
}
