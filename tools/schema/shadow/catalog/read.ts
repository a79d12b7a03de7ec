import type { Client } from 'pg'
import type { SourceLocation } from '../../../gathered.ts'
import { uniqueKeys } from '../../fold/catalog.ts'
import type {
  SchemaEnum,
  SchemaForeignKey,
  SchemaFunction,
  SchemaIndex,
  SchemaModel,
  SchemaPolicy,
  SchemaPrivilege,
  SchemaTable,
  SchemaTrigger,
} from '../../model.ts'
import {
  COLUMNS,
  CONSTRAINTS,
  ENUMS,
  EXTENSIONS,
  FUNCTIONS,
  INDEXES,
  POLICIES,
  PRIVILEGES,
  REALTIME,
  TABLES,
  TRIGGERS,
} from './queries.ts'

/** Place of what no file defines. */
export const NOWHERE: SourceLocation = { file: '', line: 0 }

interface TableRow {
  oid: string
  schema: string
  name: string
  kind: string
  rls: boolean
  force: boolean
  persistence: string
  platform: boolean
  invoker: boolean
  parent: string | null
  definition: string | null
}

interface ColumnRow {
  relation: string
  name: string
  type: string
  notNull: boolean
  identity: string
  generated: string
  default: string | null
}

interface ConstraintRow {
  relation: string
  name: string
  type: string
  onDelete: string
  onUpdate: string
  columns: string[]
  references: string[]
  foreignSchema: string | null
  foreignTable: string | null
  expression: string | null
}

interface IndexRow {
  relation: string
  name: string
  unique: boolean
  valid: boolean
  method: string
  predicate: string | null
  constraint: string | null
  keyCount: number
  keys: { column: string | null; text: string; opclass: string | null; option: number | null }[]
}

interface PolicyRow {
  relation: string
  name: string
  permissive: boolean
  command: string
  roles: string[]
  using: string | null
  withCheck: string | null
}

interface FunctionRow {
  schema: string
  name: string
  language: string
  volatility: string
  definer: boolean
  returnsSet: boolean
  body: string
  kind: string
  config: string[] | null
  defaults: number
  returns: string
  names: string[] | null
  modes: string[] | null
  types: string[]
}

interface TriggerRow {
  name: string
  schema: string
  table: string
  type: number
  function: string
  when: string | null
}

const ACTIONS: Record<string, string> = { c: 'cascade', n: 'set null', d: 'set default', r: 'restrict' }
const COMMANDS: Record<string, SchemaPolicy['command']> = { r: 'select', a: 'insert', w: 'update', d: 'delete' }
const CONSTRAINT_KINDS: Record<string, SchemaIndex['constraint']> = { p: 'primary-key', u: 'unique', x: 'exclusion' }
const EVENTS: [number, SchemaTrigger['events'][number]][] = [
  [4, 'insert'],
  [16, 'update'],
  [8, 'delete'],
  [32, 'truncate'],
]

/** The schema of the shadow, its storage buckets included: they are rows, but rows that a migration wrote. */
export async function readCatalog(client: Client): Promise<SchemaModel> {
  // With nothing else in the path PostgreSQL prints every other name qualified, whatever the database's own path is.
  await client.query('set search_path = pg_catalog')
  const model = await readCatalogRows(async <T extends object>(sql: string) => (await client.query<T>(sql)).rows)
  return { ...model, buckets: await readBuckets(client) }
}

/**
 * The schema as the catalogs have it, with places unknown: `locate` puts them in. Definitions only, no rows.
 */
export async function readCatalogRows(rows: <T extends object>(sql: string) => Promise<T[]>): Promise<SchemaModel> {
  const tables = await rows<TableRow>(TABLES)
  const columns = grouped(await rows<ColumnRow>(COLUMNS))
  const constraints = grouped(await rows<ConstraintRow>(CONSTRAINTS))
  const indexes = grouped(await rows<IndexRow>(INDEXES))
  const policies = grouped(await rows<PolicyRow>(POLICIES))
  return {
    source: 'migrations',
    tables: tables.map(row =>
      tableOf(row, {
        columns: columns.get(row.oid) ?? [],
        constraints: constraints.get(row.oid) ?? [],
        indexes: indexes.get(row.oid) ?? [],
        policies: policies.get(row.oid) ?? [],
      }),
    ),
    functions: (await rows<FunctionRow>(FUNCTIONS)).map(functionOf),
    problems: [],
    enums: (await rows<Omit<SchemaEnum, 'location'>>(ENUMS)).map(row => ({ ...row, location: NOWHERE })),
    triggers: (await rows<TriggerRow>(TRIGGERS)).map(triggerOf),
    extensions: (await rows<{ name: string; schema: string }>(EXTENSIONS)).map(row => ({ ...row, location: NOWHERE })),
    buckets: [],
    realtimeTables: (await rows<{ name: string }>(REALTIME)).map(({ name }) => name),
    privileges: (await rows<SchemaPrivilege>(PRIVILEGES)).filter(({ role }) =>
      ['anon', 'authenticated', 'service_role', 'public'].includes(role),
    ),
  }
}

function grouped<T extends { relation: string }>(rows: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(row.relation)
    if (group) group.push(row)
    else groups.set(row.relation, [row])
  }
  return groups
}

function tableOf(
  row: TableRow,
  parts: { columns: ColumnRow[]; constraints: ConstraintRow[]; indexes: IndexRow[]; policies: PolicyRow[] },
): SchemaTable {
  const indexes = parts.indexes.map(indexOf)
  const checks = parts.constraints.filter(({ type }) => type === 'c')
  return {
    schema: row.schema,
    name: row.name,
    kind: row.kind === 'v' ? 'view' : row.kind === 'm' ? 'materialized-view' : 'table',
    location: NOWHERE,
    columns: parts.columns.map(column => ({
      name: column.name,
      type: bareType(column.type),
      notNull: column.notNull,
      location: NOWHERE,
      ...(column.default !== null && !column.generated && { default: column.default }),
      ...(column.generated && { generated: true }),
      ...identityOf(column),
    })),
    primaryKey: parts.constraints.find(({ type }) => type === 'p')?.columns ?? [],
    uniqueKeys: uniqueKeys(indexes.filter(({ valid }) => valid !== false)),
    foreignKeys: parts.constraints.filter(({ type }) => type === 'f').map(foreignKeyOf),
    indexes,
    rowLevelSecurity: row.rls,
    policies: parts.policies.map(policyOf),
    seededRows: 0,
    ...(row.platform && { platform: true }),
    ...(row.parent !== null && { partitionOf: row.parent }),
    ...(row.definition !== null && { definition: row.definition }),
    ...(row.kind === 'v' && { securityInvoker: row.invoker }),
    ...(row.force && { forceRowLevelSecurity: true }),
    ...(row.persistence === 'u' && { persistence: 'unlogged' as const }),
    ...(checks.length > 0 && {
      checks: checks.map(({ name, expression }) => ({ name, expression: expression ?? '', location: NOWHERE })),
    }),
  }
}

/** The files say `mood` and `vector(3)`; so do we, whichever of the usual schemas the type is in. */
function bareType(type: string): string {
  return type.replace(/^(?:public|extensions)\./, '')
}

function identityOf(column: ColumnRow): { identity?: 'always' | 'by-default' | 'serial' } {
  if (column.identity === 'a') return { identity: 'always' }
  if (column.identity === 'd') return { identity: 'by-default' }
  return column.default?.startsWith('nextval(') ? { identity: 'serial' } : {}
}

function foreignKeyOf(row: ConstraintRow): SchemaForeignKey {
  const onDelete = ACTIONS[row.onDelete]
  const onUpdate = ACTIONS[row.onUpdate]
  return {
    name: row.name,
    columns: row.columns,
    schema: row.foreignSchema ?? '',
    table: row.foreignTable ?? '',
    references: row.references,
    ...(onDelete && { onDelete }),
    ...(onUpdate && { onUpdate }),
    location: NOWHERE,
  }
}

function indexOf(row: IndexRow): SchemaIndex {
  const keys = row.keys.slice(0, row.keyCount)
  const include = row.keys.slice(row.keyCount).flatMap(({ column }) => column ?? [])
  const constraint = CONSTRAINT_KINDS[row.constraint ?? '']
  return {
    name: row.name,
    columns: keys.map(({ column, text }) => column ?? `(${text})`),
    unique: row.unique,
    partial: row.predicate !== null,
    method: row.method,
    location: NOWHERE,
    ...(constraint && { constraint }),
    keys: keys.map(({ column, text, opclass, option }) => ({
      ...(column === null ? { expression: text } : { column }),
      ...(opclass !== null && { opclass }),
      descending: ((option ?? 0) & 1) !== 0,
      nullsFirst: ((option ?? 0) & 2) !== 0,
    })),
    ...(include.length > 0 && { include }),
    ...(row.predicate !== null && { predicate: row.predicate }),
    ...(!row.valid && { valid: false }),
  }
}

function policyOf(row: PolicyRow): SchemaPolicy {
  const expressions = {
    ...(row.using !== null && { using: row.using }),
    ...(row.withCheck !== null && { withCheck: row.withCheck }),
  }
  return {
    name: row.name,
    permissive: row.permissive,
    command: COMMANDS[row.command] ?? 'all',
    roles: row.roles,
    ...expressions,
    location: NOWHERE,
    catalog: expressions,
  }
}

function functionOf(row: FunctionRow): SchemaFunction {
  const settings = (row.config ?? []).map(entry => [
    entry.slice(0, entry.indexOf('=')),
    entry.slice(entry.indexOf('=') + 1),
  ])
  const searchPath = settings.find(([name]) => name === 'search_path')?.[1]
  const others = settings.filter(([name]) => name !== 'search_path')
  const inputs = (row.modes ?? []).flatMap((mode, i) => (['i', 'b', 'v'].includes(mode) ? [i] : []))
  return {
    schema: row.schema,
    name: row.name,
    language: row.language,
    volatility: row.volatility === 'i' ? 'immutable' : row.volatility === 's' ? 'stable' : 'volatile',
    securityDefiner: row.definer,
    returnsSet: row.returnsSet,
    body: row.body,
    location: NOWHERE,
    arguments: row.types.map((type, i) => {
      const name = row.names?.[row.modes ? (inputs[i] ?? i) : i]
      return { ...(name && { name }), type: bareType(type), hasDefault: i >= row.types.length - row.defaults }
    }),
    returns: bareType(row.returns),
    ...(searchPath !== undefined && { searchPath: searchPath === '""' ? '' : searchPath }),
    ...(others.length > 0 && { settings: Object.fromEntries(others) as Record<string, string> }),
    kind: row.kind === 'p' ? 'procedure' : 'function',
  }
}

function triggerOf(row: TriggerRow): SchemaTrigger {
  return {
    name: row.name,
    schema: row.schema,
    table: row.table,
    timing: row.type & 2 ? 'before' : row.type & 64 ? 'instead-of' : 'after',
    events: EVENTS.filter(([bit]) => row.type & bit).map(([, event]) => event),
    perRow: (row.type & 1) !== 0,
    function: row.function,
    ...(row.when !== null && { when: row.when }),
    location: NOWHERE,
  }
}

async function readBuckets(client: Client): Promise<SchemaModel['buckets']> {
  const there = await client.query<{ there: boolean }>(`select to_regclass('storage.buckets') is not null as there`)
  if (!there.rows[0]?.there) return []
  const { rows } = await client.query<{ id: string; public: boolean }>(
    'select id, coalesce(public, false) as public from storage.buckets order by id',
  )
  return rows.map(row => ({ ...row, location: NOWHERE }))
}
