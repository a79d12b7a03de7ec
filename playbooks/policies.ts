import type { SchemaFunction, SchemaModel, SchemaPolicy, SchemaTable } from '../tools/schema/model.ts'
import {
  asColumn,
  callsIn,
  comparisonsOf,
  isSelect,
  type SqlCall,
  type SqlColumn,
  type SqlNode,
  type SqlSelect,
  selectsIn,
  splitAt,
  sqlTree,
} from './sql.ts'

/** Questions about row-level security that several detectors ask of the schema. */

/** Roles that bypass row-level security: policies for them alone are never evaluated. */
const BYPASSING = new Set(['service_role', 'postgres', 'supabase_admin'])

/** A table of the app whose definition is known: not a view, not one of the platform's, not from types alone. */
export function ownTables(schema: SchemaModel | undefined): SchemaTable[] {
  if (!schema || schema.source === 'generated-types') return []
  return schema.tables.filter(t => t.kind === 'table' && !t.platform && t.persistence !== 'temporary')
}

export function isUnknown(table: SchemaTable, what: NonNullable<SchemaTable['unknown']>[number]): boolean {
  return table.unknown?.includes(what) ?? false
}

/** Policies that are evaluated for somebody. */
export function activePolicies(table: SchemaTable): SchemaPolicy[] {
  if (!table.rowLevelSecurity || isUnknown(table, 'policies')) return []
  return table.policies.filter(p => p.roles.length === 0 || p.roles.some(role => !BYPASSING.has(role)))
}

export function rolesOf(policy: SchemaPolicy): string[] {
  return policy.roles.length > 0 ? policy.roles : ['public']
}

/** The trees of USING and WITH CHECK, those that are there. */
export function expressionsOf(policy: SchemaPolicy): SqlNode[][] {
  return [policy.using, policy.withCheck].flatMap(text => (text === undefined ? [] : [sqlTree(text)]))
}

/** `auth.uid()` and its kin, `current_setting()`: who asks, the same for every row. */
export function asksCaller(call: SqlCall): boolean {
  if (call.schema === 'auth') return ['uid', 'jwt', 'role', 'email'].includes(call.name)
  return call.name === 'current_setting' && (call.schema === undefined || call.schema === 'pg_catalog')
}

export function callText(call: SqlCall): string {
  return `${call.schema ? `${call.schema}.` : ''}${call.name}()`
}

export function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^[\s()]*true[\s()]*$/i.test(text)
}

export function isFalse(text: string | undefined): boolean {
  return text !== undefined && /^[\s()]*false[\s()]*$/i.test(text)
}

export function findTable(
  schema: SchemaModel,
  source: { schema: string | undefined; table: string },
): SchemaTable | undefined {
  return schema.tables.find(t => t.name === source.table && t.schema === (source.schema ?? 'public'))
}

/** One way in which a policy reads a table: some column of `anyOf` has to lead an index. */
export interface PolicyRead {
  table: SchemaTable
  anyOf: string[]
}

/**
 * What the policies that decide which rows are *read* ask of each table: their own table by `column = auth.uid()`,
 * the tables of their sub-selects by what these compare. Conditions that no index serves ask for nothing.
 */
export function readsOfPolicy(schema: SchemaModel, table: SchemaTable, policy: SchemaPolicy): PolicyRead[] {
  if (policy.using === undefined || (policy.command !== 'select' && policy.command !== 'all')) return []
  const tree = sqlTree(policy.using)
  const branches = splitAt(tree, 'or').map(branch => ownColumns(table, branch))
  const own = branches.every(columns => columns.length > 0) ? branches.map(anyOf => ({ table, anyOf })) : []
  return [...own, ...selectsIn(tree).flatMap(select => readsOfSelect(schema, table, select))]
}

function hasColumn(table: SchemaTable | undefined, name: string): boolean {
  return table?.columns.some(c => c.name === name) ?? false
}

/** Columns of the table that one branch compares with the caller. */
function ownColumns(table: SchemaTable, branch: readonly SqlNode[]): string[] {
  return splitAt(branch, 'and').flatMap(conjunct =>
    comparisonsOf(conjunct).flatMap(({ column, other, operator }) => {
      const isOwn = (column.qualifier ?? table.name) === table.name && hasColumn(table, column.name)
      if (!isOwn || operator === 'in' || !isOfCaller(other)) return []
      return [column.name]
    }),
  )
}

/** The value is that of the caller: `auth.uid()`, wrapped or not, and nothing of a row. */
function isOfCaller(nodes: readonly SqlNode[]): boolean {
  return callsIn(nodes).some(asksCaller) && selectsIn(nodes).length === 0
}

function readsOfSelect(schema: SchemaModel, outer: SchemaTable, select: SqlSelect): PolicyRead[] {
  const tables = select.sources.map(source => ({ source, table: findTable(schema, source) }))
  const resolve = ({ qualifier, name }: SqlColumn): SchemaTable | undefined => {
    if (qualifier) return tables.find(t => t.source.name === qualifier)?.table
    const having = tables.filter(t => hasColumn(t.table, name))
    return having.length === 1 ? having[0]?.table : undefined
  }
  const byCaller = new Map<SchemaTable, string[]>()
  const byColumn = new Map<SchemaTable, string[]>()
  const note = (map: Map<SchemaTable, string[]>, table: SchemaTable, column: string): void => {
    map.set(table, [...(map.get(table) ?? []), column])
  }
  const outerAlso = new Map<SchemaTable, string[]>()
  for (const conjunct of select.conditions) {
    for (const { column, other, operator } of comparisonsOf(conjunct)) {
      const table = resolve(column)
      if (!table || operator === 'in') continue
      if (isOfCaller(other)) {
        note(byCaller, table, column.name)
        continue
      }
      const opposite = asColumn(other)
      if (!opposite) continue
      const to = resolve(opposite)
      if (to) note(byColumn, table, column.name)
      // Not one of this select's tables: a column of the row under judgement.
      else if (hasColumn(outer, opposite.name) || select.around.length > 0) note(outerAlso, table, column.name)
    }
  }
  return tables.flatMap(({ table }) => {
    if (table?.kind !== 'table' || table.platform) return []
    const caller = byCaller.get(table) ?? []
    const correlated = outerAlso.get(table) ?? []
    const anyOf = caller.length > 0 ? [...caller, ...correlated] : [...correlated, ...(byColumn.get(table) ?? [])]
    return anyOf.length > 0 ? [{ table, anyOf }] : []
  })
}

/** The policies let a caller see rows that are not tied to them: reading the table reads most of it. */
export function showsManyRows(table: SchemaTable, role: string): boolean {
  if (!table.rowLevelSecurity || role === 'service') return true
  return table.policies.some(p => {
    if (!p.permissive || (p.command !== 'select' && p.command !== 'all')) return false
    if (!rolesOf(p).some(r => r === 'public' || r === 'anon' || r === 'authenticated')) return false
    return splitAt(sqlTree(p.using ?? 'true'), 'or').some(branch => isBroad(branch))
  })
}

/** Nothing in the condition depends on who asks, nor on other tables. */
function isBroad(branch: readonly SqlNode[]): boolean {
  return (
    callsIn(branch).every(call => call.schema === undefined && !/^(is|has|can|get|my|current|auth)_/.test(call.name)) &&
    selectsIn(branch).length === 0 &&
    !branch.some(node => isSelect(node)) &&
    !isFalseBranch(branch)
  )
}

function isFalseBranch(branch: readonly SqlNode[]): boolean {
  return branch.length === 1 && branch[0]?.kind === 'word' && branch[0].text === 'false'
}

/** The roles through which requests of the Data API come, and everybody. */
const API_ROLES = new Set(['anon', 'authenticated', 'public'])

/** Whether the API's roles hold a right, by the catalogs; undefined where only the files are known. */
function holdRight(
  schema: SchemaModel,
  kind: 'table' | 'function',
  own: { schema: string; name: string },
  right: string,
): boolean | undefined {
  if (!schema.privileges || schema.readFrom === 'files') return undefined
  return schema.privileges.some(
    p =>
      p.kind === kind &&
      p.schema === own.schema &&
      (kind === 'function' ? p.name.startsWith(`${own.name}(`) : p.name === own.name) &&
      API_ROLES.has(p.role) &&
      p.privileges.includes(right),
  )
}

/** EXECUTE was taken away from the API's roles: the function cannot be called by `rpc`. */
export function isUncallable(schema: SchemaModel, f: SchemaFunction): boolean {
  const known = holdRight(schema, 'function', f, 'execute')
  if (known !== undefined) return !known
  return (schema.grants ?? []).some(
    g =>
      g.action === 'revoke' &&
      g.roles.some(role => API_ROLES.has(role)) &&
      g.objects.some(object => {
        const name = object.replaceAll('"', '').replace(/\(.*$/, '')
        return (
          name === f.name || name === `${f.schema}.${f.name}` || (name === f.schema && /function|routine/i.test(g.kind))
        )
      }),
  )
}

/** Somebody took the API roles' right to read the table or view, or on everything in its schema, away. */
export function isRevoked(schema: SchemaModel, table: SchemaTable): boolean {
  const known = holdRight(schema, 'table', table, 'select')
  if (known !== undefined) return !known
  const names = [table.name, `${table.schema}.${table.name}`]
  const revokes = (schema.grants ?? []).filter(
    g =>
      g.action === 'revoke' &&
      g.privileges.every(privilege => !/^(insert|update|delete|truncate|references|trigger)$/i.test(privilege)) &&
      g.roles.some(role => role === 'anon' || role === 'authenticated' || role === 'public'),
  )
  return revokes.some(
    g =>
      g.objects.some(object => names.includes(object.replaceAll('"', ''))) ||
      (/all.tables|schema/i.test(g.kind) && g.objects.some(object => object.replaceAll('"', '') === table.schema)),
  )
}
