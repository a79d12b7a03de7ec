import type { Node, RangeVar, TypeName } from 'libpg-query'

/** Value of a String node, undefined for anything else. */
export function stringOf(node: Node | undefined): string | undefined {
  return node && 'String' in node ? (node.String.sval ?? '') : undefined
}

/** Values of a list of String nodes. */
export function stringsOf(nodes: Node[] | undefined): string[] {
  return (nodes ?? []).flatMap(node => stringOf(node) ?? [])
}

/** Items of a List node, or the node itself. */
export function itemsOf(node: Node | undefined): Node[] {
  if (!node) return []
  return 'List' in node ? (node.List.items ?? []) : [node]
}

/** Schema (when written) and name of a qualified name given as String nodes; a database name in front is dropped. */
export function qualified(nodes: Node[] | undefined): { schema?: string; name: string } {
  const parts = stringsOf(nodes)
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' }
}

export function relationName(relation: RangeVar | undefined): { schema?: string; name: string } {
  return { schema: relation?.schemaname, name: relation?.relname ?? '' }
}

/** Names of internal types as format_type prints them. */
const DISPLAY: Record<string, string> = {
  int2: 'smallint',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  char: '"char"',
  decimal: 'numeric',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  timetz: 'time with time zone',
  time: 'time without time zone',
  varbit: 'bit varying',
}

const SERIALS: Record<string, string> = {
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
}

/** Underlying integer type when a column is declared serial. */
export function serialType(type: TypeName | undefined): string | undefined {
  const { schema, name } = qualified(type?.names)
  return schema === undefined ? SERIALS[name] : undefined
}

/** A type without its modifiers: what PostgreSQL keeps of it in a function's signature. */
export function signatureType(type: TypeName | undefined): string {
  return typeText(type && { ...type, typmods: [] })
}

/** A type as format_type prints it; schema names other than pg_catalog and public are kept. */
export function typeText(type: TypeName | undefined): string {
  if (!type) return 'void'
  const { schema, name } = qualified(type.names)
  const shown = DISPLAY[name] ?? quoteName(name)
  const foreign = schema && schema !== 'pg_catalog' && schema !== 'public' && schema !== 'extensions'
  const base = foreign ? `${quoteName(schema)}.${quoteName(name)}` : shown
  const modifiers = (type.typmods ?? []).map(modifierText).filter(text => text !== undefined)
  const bare = modifiers.length === 0 || (name === 'bpchar' && modifiers[0] === '1') || name === 'interval'
  const suffix = bare ? '' : `(${modifiers.join(',')})`
  const [head, zone] = splitZone(base)
  const array = type.arrayBounds?.length ? '[]' : ''
  return `${head}${suffix}${zone}${type.pct_type ? '%TYPE' : ''}${array}`
}

/** A modifier is a number, or a word as in `geometry(Point, 4326)`. */
function modifierText(node: Node): string | undefined {
  return 'ColumnRef' in node ? stringOf(node.ColumnRef.fields?.[0]) : constantText(node)
}

/** Names that are not plain lower case are shown in quotes. */
function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name}"`
}

/** "timestamp with time zone" takes its precision after the first word. */
function splitZone(base: string): [string, string] {
  const at = base.search(/ with(out)? time zone$/)
  return at < 0 ? [base, ''] : [base.slice(0, at), base.slice(at)]
}

/** Text of a literal constant (strings unquoted), through type casts; undefined for any other expression. */
export function constantText(node: Node | undefined): string | undefined {
  if (!node) return undefined
  if ('TypeCast' in node) return constantText(node.TypeCast.arg)
  if (!('A_Const' in node)) return undefined
  const { ival, fval, sval, boolval } = node.A_Const
  if (ival) return String(ival.ival ?? 0)
  if (fval) return fval.fval
  if (sval) return sval.sval ?? ''
  if (boolval) return String(boolval.boolval ?? false)
  return undefined
}

export function roleNames(nodes: Node[] | undefined): string[] {
  return (nodes ?? []).map(node => {
    if (!('RoleSpec' in node)) return 'public'
    const { roletype, rolename } = node.RoleSpec
    if (roletype === 'ROLESPEC_CURRENT_USER') return 'current_user'
    if (roletype === 'ROLESPEC_SESSION_USER') return 'session_user'
    return rolename ?? 'public'
  })
}
