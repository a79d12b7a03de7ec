import type { Node } from 'libpg-query'
import { constantText, itemsOf, stringOf } from '../sql/ast.ts'
import { closingParenthesis, tokens } from '../sql/lexer.ts'
import type { ParsedStatement, ScriptItem } from '../sql/parse.ts'
import { findKeywords } from '../sql/spans.ts'

/** What becomes of a statement in the replay. */
export type Planned =
  | { action: 'run'; sql: string }
  /** Accepted by a real Supabase, of no meaning here. */
  | { action: 'skip'; why: string }
  /** Not done, here nor there. */
  | { action: 'refuse'; why: string }
  | { action: 'broken'; error: string }

const PLATFORM_ROLES = new Set([
  'anon',
  'authenticated',
  'service_role',
  'authenticator',
  'postgres',
  'dashboard_user',
  'pgbouncer',
])

const OUR_TIMEOUTS = new Set(['statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'])

/** Access methods whose storage parameters the stand-ins do not know. */
const STAND_IN_METHODS = new Set(['hnsw', 'ivfflat', 'pgroonga', 'rum'])

const SKIPPED: Partial<Record<string, string>> = {
  TransactionStmt: 'each file is one transaction',
  CreateEventTrigStmt: 'event triggers need a superuser',
  AlterEventTrigStmt: 'event triggers need a superuser',
  VacuumStmt: 'maintenance',
  ReindexStmt: 'maintenance',
  ClusterStmt: 'maintenance',
  CheckPointStmt: 'maintenance',
  AlterExtensionStmt: 'extension versions are not replayed',
  AlterExtensionContentsStmt: 'extension members are not replayed',
  SecLabelStmt: 'security labels are not replayed',
  CreatePLangStmt: 'languages are there already',
  ListenStmt: 'session only',
}

const REFUSED: Partial<Record<string, string>> = {
  AlterSystemStmt: 'server configuration is not for migrations',
  CreatedbStmt: 'databases are not for migrations',
  DropdbStmt: 'databases are not for migrations',
  CreateTableSpaceStmt: 'tablespaces are files of the server',
  LoadStmt: 'loads a library into the server',
  CreateSubscriptionStmt: 'opens a network connection',
  AlterSubscriptionStmt: 'opens a network connection',
}

/** Decides what to run for one item of a script. */
export function planItem(item: ScriptItem): Planned {
  if ('copyRows' in item) return { action: 'skip', why: 'rows of COPY FROM stdin are not replayed' }
  if ('error' in item) return { action: 'broken', error: item.error }
  const [kind = ''] = Object.keys(item.node)
  const skipped = SKIPPED[kind]
  if (skipped) return { action: 'skip', why: skipped }
  const refused = REFUSED[kind]
  if (refused) return { action: 'refuse', why: refused }
  return special(item) ?? { action: 'run', sql: stripModifiers(item.sql) }
}

function special(item: ParsedStatement): Planned | undefined {
  const { node } = item
  if ('CreateExtensionStmt' in node) return extension(node.CreateExtensionStmt)
  if ('VariableSetStmt' in node && OUR_TIMEOUTS.has(node.VariableSetStmt.name ?? '')) {
    return { action: 'skip', why: 'the replay has a timeout of its own' }
  }
  if ('IndexStmt' in node) return { action: 'run', sql: indexSql(item, node.IndexStmt) }
  if ('DropStmt' in node) {
    if (node.DropStmt.removeType === 'OBJECT_EVENT_TRIGGER')
      return { action: 'skip', why: SKIPPED.CreateEventTrigStmt! }
    if (node.DropStmt.concurrent) return { action: 'run', sql: withoutConcurrently(item.sql) }
  }
  if ('CommentStmt' in node && node.CommentStmt.objtype === 'OBJECT_EVENT_TRIGGER') {
    return { action: 'skip', why: SKIPPED.CreateEventTrigStmt! }
  }
  if ('CreatePublicationStmt' in node && node.CreatePublicationStmt.for_all_tables) {
    return { action: 'run', sql: `create publication ${identifier(node.CreatePublicationStmt.pubname ?? '')}` }
  }
  if ('CreateFdwStmt' in node) {
    return { action: 'run', sql: `select _shadow.create_wrapper(${literal(node.CreateFdwStmt.fdwname ?? '')})` }
  }
  if ('CopyStmt' in node && (node.CopyStmt.filename !== undefined || node.CopyStmt.is_program)) {
    const why = node.CopyStmt.is_program
      ? 'COPY PROGRAM runs commands on the server'
      : 'COPY reads or writes server files'
    return { action: 'refuse', why }
  }
  if ('AlterRoleSetStmt' in node) {
    const { role, setstmt } = node.AlterRoleSetStmt
    return setting('role', role?.rolename ?? 'postgres', setstmt)
  }
  if ('AlterDatabaseSetStmt' in node) return setting('database', '', node.AlterDatabaseSetStmt.setstmt)
  return roleChange(node)
}

function extension(stmt: { extname?: string; if_not_exists?: boolean; options?: Node[] }): Planned {
  const option = stmt.options?.find(node => 'DefElem' in node && node.DefElem.defname === 'schema')
  const schema = option && 'DefElem' in option ? stringOf(option.DefElem.arg) : undefined
  const target = schema ? literal(schema) : `coalesce(current_schema(), 'public')`
  const lenient = stmt.if_not_exists === true
  return {
    action: 'run',
    sql: `select _shadow.create_extension(${literal(stmt.extname ?? '')}, ${target}, ${lenient})`,
  }
}

function indexSql(
  item: ParsedStatement,
  stmt: { concurrent?: boolean; accessMethod?: string; options?: Node[] },
): string {
  const sql = stmt.concurrent ? withoutConcurrently(item.sql) : item.sql
  if (!STAND_IN_METHODS.has(stmt.accessMethod ?? '') || !stmt.options?.length) return sql
  const options = findKeywords(sql, ['WITH'])
  if (!options) return sql
  return sql.slice(0, options.start) + sql.slice(closingParenthesis(sql, sql.indexOf('(', options.end)))
}

/** CONCURRENTLY cannot run inside a transaction; the index it makes is the same without. */
function withoutConcurrently(sql: string): string {
  const found = findKeywords(sql, ['CONCURRENTLY'])
  return found ? sql.slice(0, found.start) + sql.slice(found.end) : sql
}

/** Settings with a dot are the app's (or PostgREST's) own; a non-superuser may store them only through Supabase. */
function setting(
  scope: 'role' | 'database',
  target: string,
  stmt: { kind?: string; name?: string; args?: Node[] } | undefined,
): Planned | undefined {
  if (stmt?.kind !== 'VAR_SET_VALUE' || !stmt.name?.includes('.')) return undefined
  const value = (stmt.args ?? []).map(node => constantText(node) ?? '').join(', ')
  const call = [scope, target, stmt.name, value].map(literal).join(', ')
  return { action: 'run', sql: `select _shadow.set_setting(${call})` }
}

function roleChange(node: Node): Planned | undefined {
  const names: string[] = []
  if ('DropRoleStmt' in node) names.push(...rolesOf(node.DropRoleStmt.roles))
  if ('DropOwnedStmt' in node) names.push(...rolesOf(node.DropOwnedStmt.roles))
  if ('AlterRoleStmt' in node)
    names.push(...rolesOf(node.AlterRoleStmt.role && [{ RoleSpec: node.AlterRoleStmt.role }]))
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_ROLE') names.push(node.RenameStmt.subname ?? '')
  const platform = names.find(name => PLATFORM_ROLES.has(name) || name.startsWith('supabase_'))
  if (platform === undefined) return undefined
  return { action: 'refuse', why: `role ${platform} belongs to the platform` }
}

function rolesOf(nodes: Node[] | undefined): string[] {
  return (nodes ?? [])
    .flatMap(node => itemsOf(node))
    .flatMap(node => ('RoleSpec' in node && node.RoleSpec.rolename) || [])
}

const GEO_MODIFIER =
  /^\s*(?:geometry|(?:multi)?(?:point|linestring|polygon)|geometrycollection)(?:z|m|zm)?\s*(?:,\s*\d+\s*)?$/i

/** `geometry(Point, 4326)` → `geometry`: the stand-in types take no modifier. Also inside function bodies. */
function stripModifiers(sql: string): string {
  if (!/geo(?:metry|graphy)\s*\(/i.test(sql)) return sql
  return sql.replace(/\b(geometry|geography)\s*\(([^()]*)\)/gi, (whole, type: string, inside: string) =>
    GEO_MODIFIER.test(inside) ? type : whole,
  )
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** First words of a statement on one line, comments left out: enough to recognise it, never a whole seed. */
export function headline(sql: string, limit = 100): string {
  let text = ''
  for (const token of tokens(sql)) {
    const piece = sql.slice(token.start, token.end)
    const glue = text === '' || /^[).,;]/.test(piece) || /[(.]$/.test(text) ? '' : ' '
    text += glue + piece.replace(/\s+/g, ' ')
    if (text.length > limit) return `${text.slice(0, limit)}…`
  }
  return text
}
