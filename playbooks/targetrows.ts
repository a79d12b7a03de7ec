import type { TargetRows } from '../tools/plans/model.ts'
import type { SchemaTable } from '../tools/schema/model.ts'
import { grows, reachOf } from './indexes.ts'
import type { DetectInput } from './playbook.ts'
import { hasOwnerColumn, isReferenceTable, tableOf } from './shared.ts'

/** What is assumed where nobody says: ten accounts for each of 10,000 concurrent users, ten rows of content for each. */
const ACCOUNTS = 100_000
const CONTENT_ROWS = 1_000_000
/** What the people who run the app put together: products, articles, categories with texts. */
const CATALOG_ROWS = 10_000

/** Lists that others choose from. */
const LOOKUP =
  /(^|_)(categor(y|ies)|types?|roles?|plans?|tiers?|settings|config|tags?|statuses|permissions|countries|currencies|languages)$/i
const LOOKUP_ROWS = 100

/** Live tables below this say how young the app is, not how large the table will be. */
const YOUNG_ROWS = 10_000

/**
 * Rows of every table of the app at the target, by "schema.table": what the configuration says, else what the running
 * database has, else what follows from who writes the table.
 */
export function targetRows(input: DetectInput, configured: Record<string, number> = {}): Map<string, TargetRows> {
  const rows = new Map<string, TargetRows>()
  const live = liveRows(input)
  const writers = writersOf(input)
  for (const table of input.schema?.tables ?? []) {
    if (table.kind !== 'table' || (table.platform && table.schema !== 'auth')) continue
    const key = `${table.schema}.${table.name}`
    const given = configured[key] ?? (table.schema === 'public' ? configured[table.name] : undefined)
    const running = live.get(key)
    const assumed = assumedRows(input, table, writers.get(key))
    if (given !== undefined) rows.set(key, { rows: given, source: 'config', why: 'scalability.config.json' })
    else if (running !== undefined && (running >= YOUNG_ROWS || running >= assumed.rows))
      rows.set(key, { rows: running, source: 'live', why: 'rows of the running database' })
    else rows.set(key, assumed)
  }
  if (!rows.has('auth.users'))
    rows.set('auth.users', { rows: configured['auth.users'] ?? ACCOUNTS, source: 'assumed', why: 'accounts' })
  return rows
}

function liveRows({ database }: DetectInput): Map<string, number> {
  const tables = database?.tables.status === 'ran' ? database.tables.value : []
  return new Map(tables.filter(t => t.rows >= 0).map(t => [`${t.schema}.${t.name}`, t.rows]))
}

type Writer = 'users' | 'admins'

/** Who adds rows to each table, by what the code checks before it does. */
function writersOf(input: DetectInput): Map<string, Writer> {
  const writers = new Map<string, Writer>()
  const reach = reachOf(input.code)
  for (const access of input.code.accesses) {
    const table = tableOf(input.schema, access)
    if (!table) continue
    const key = `${table.schema}.${table.name}`
    for (const shape of access.shapes) {
      if (shape.op !== 'insert' && shape.op !== 'upsert') continue
      if (reach.ordinary.has(shape.id)) writers.set(key, 'users')
      else if (!writers.has(key)) writers.set(key, 'admins')
    }
  }
  return writers
}

function assumedRows(input: DetectInput, table: SchemaTable, writer: Writer | undefined): TargetRows {
  const few = (rows: number, why: string): TargetRows => ({ rows, source: 'assumed', why })
  const seeded = table.seededRows
  if (isReferenceTable(input, { table: table.name, schema: table.schema }))
    return { rows: seeded, source: 'seeded', why: 'reference data that migrations insert' }
  if (isAccounts(table)) return few(ACCOUNTS, 'a row for each account')
  if (writer !== 'users' && LOOKUP.test(table.name) && !hasOwnerColumn(table))
    return few(Math.max(seeded, LOOKUP_ROWS), 'a list to choose from')
  if (writer === 'admins') return few(CATALOG_ROWS, 'only the people who run the app add to it')
  if (writer === 'users') return few(CONTENT_ROWS, 'users of the app add to it')
  if (seeded > 0 && !hasOwnerColumn(table))
    return few(Math.max(seeded, CATALOG_ROWS), 'migrations begin it and nothing adds to it')
  if (grows(input, table)) return few(CONTENT_ROWS, 'it belongs to users, or to rows of theirs')
  return few(CATALOG_ROWS, 'nothing shows who adds to it')
}

/** One row for each user: its key is that of a user. */
function isAccounts(table: SchemaTable): boolean {
  if (table.schema === 'auth' && table.name === 'users') return true
  const toUsers = table.foreignKeys.filter(key => key.schema === 'auth' && key.table === 'users')
  const single = [table.primaryKey, ...table.uniqueKeys].filter(key => key.length === 1)
  return (
    toUsers.some(key => key.columns.length === 1 && single.some(([column]) => column === key.columns[0])) ||
    (/^(users?|profiles?|accounts?|members?|customers?)$/i.test(table.name) && table.primaryKey.length === 1)
  )
}
