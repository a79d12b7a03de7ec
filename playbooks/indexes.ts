import type { AccessDraft, AppModel, DataAccess, ReachedEffect } from '../tools/code/model.ts'
import type { SchemaColumn, SchemaIndex, SchemaTable } from '../tools/schema/model.ts'
import type { DetectInput } from './playbook.ts'
import { isUnknown, ownTables, showsManyRows } from './policies.ts'
import { hasOwnerColumn, isReferenceTable, isWrittenByApp, tableOf } from './shared.ts'

/** Which columns the app's data accesses need an index on, and do not have. */

/** Indexes that find rows by comparing plain values. */
function isUsable(index: SchemaIndex): boolean {
  return index.valid !== false && /^(btree|hash|brin|spgist)$/.test(index.method)
}

/** The predicate of a partial index leaves out no row that an equality on the column could find. */
function coversEquality(index: SchemaIndex, column: string): boolean {
  if (!index.partial) return true
  return new RegExp(`^[\\s()"]*${column}[\\s()"]*is\\s+not\\s+null[\\s()]*$`, 'i').test(index.predicate ?? '')
}

/** Some index, key or constraint finds rows by this column. */
export function isIndexed(table: SchemaTable, column: string): boolean {
  return (
    table.primaryKey[0] === column ||
    table.uniqueKeys.some(key => key[0] === column) ||
    table.indexes.some(i => isUsable(i) && i.columns[0] === column && coversEquality(i, column))
  )
}

/** Some index may serve it: expression and partial indexes on the column included. Doubt is no finding. */
function mayBeIndexed(table: SchemaTable, column: string): boolean {
  return (
    isIndexed(table, column) ||
    table.indexes.some(i => i.partial && i.columns[0] === column) ||
    table.indexes.some(i => i.columns[0]?.startsWith('(') && new RegExp(`\\b${column}\\b`, 'i').test(i.columns[0]))
  )
}

/** An index has the column after others that the query fixes as well: `unique (provider, order_id)` serves both. */
function followsFixed(table: SchemaTable, column: string, equal: readonly SchemaColumn[]): boolean {
  const usable = table.indexes.filter(i => isUsable(i) && coversEquality(i, column)).map(i => i.columns)
  return [table.primaryKey, ...table.uniqueKeys, ...usable].some(columns => {
    const before = columns.slice(0, Math.max(0, columns.indexOf(column)))
    return before.length > 0 && before.every(name => equal.some(c => c.name === name))
  })
}

const FEW_VALUES =
  /^(is|has|can|was|should|needs)_|(^|_)(status|state|type|kind|role|category|visibility|level|tier|plan|priority|severity|stage|phase|mode|locale|lang|language|currency|country|gender|active|enabled|archived|deleted|published|public|hidden|source|provider|platform|channel|environment|env|year|month|position|rating|version)$/i

/** Equality on the column leaves few rows: no flag, no enumeration, no reference data. */
export function isSelective(input: DetectInput, table: SchemaTable, column: SchemaColumn): boolean {
  const name = column.name.replace(/([a-z])([A-Z])/g, '$1_$2')
  if (/bool|json|\[\]|tsvector|vector|geography|geometry|range/i.test(column.type)) return false
  const bare = column.type.replace(/^.*\./, '').replace(/"/g, '')
  if (input.schema?.enums?.some(e => e.name === bare)) return false
  // A literal default of a text column names one of its few values.
  if (FEW_VALUES.test(name) || /^'[^']+'/.test(column.default ?? '')) return false
  if (table.checks?.some(c => new RegExp(`\\b${column.name}\\b[^a-z]*\\b(in|=\\s*any)\\b`, 'i').test(c.expression)))
    return false
  const key = table.foreignKeys.find(f => f.columns.length === 1 && f.columns[0] === column.name)
  return !(key && isReferenceTable(input, { table: key.table, schema: key.schema }))
}

/** Rows are added as the app is used: by the app, by a database function, by members as owners, or below such a table. */
export function grows(input: DetectInput, table: SchemaTable, seen = new Set<SchemaTable>()): boolean {
  if (seen.has(table)) return false
  seen.add(table)
  if (isReferenceTable(input, { table: table.name, schema: table.schema })) return false
  if (isWrittenByApp(input.code, table.name) || hasOwnerColumn(table)) return true
  const insert = new RegExp(`insert\\s+into\\s+("?${table.schema}"?\\.)?"?${table.name}"?[\\s(]`, 'i')
  if (input.schema?.functions.some(f => insert.test(f.body))) return true
  return table.foreignKeys.some(f => {
    const parent = input.schema?.tables.find(t => t.name === f.table && t.schema === f.schema)
    return parent !== undefined && parent.kind === 'table' && grows(input, parent, seen)
  })
}

export interface Reach {
  drafts: Set<number>
  /** Those that callers without a role reach. */
  ordinary: Set<number>
}

const ADMIN_PATH = /(^|\/)\(?_?admin/i
const ADMIN_FOLDER = /(^|\/)\(?_?admin\)?\//i

/** What callers reach; scripts and code that nothing calls stay out. */
export function reachOf(code: AppModel): Reach {
  const reach: Reach = { drafts: new Set(), ordinary: new Set() }
  const add = (r: ReachedEffect, path: string): void => {
    if (r.effect.k !== 'access') return
    reach.drafts.add(r.effect.draft.id)
    if (!r.facts.has('role') && !ADMIN_PATH.test(path) && !ADMIN_FOLDER.test(r.effect.file))
      reach.ordinary.add(r.effect.draft.id)
  }
  for (const route of code.routes) for (const r of route.effects) add(r, route.path)
  for (const endpoint of code.endpoints)
    for (const r of endpoint.effects) add(r, endpoint.path || (endpoint.routes[0] ?? endpoint.file))
  for (const app of code.apps) for (const r of app.proxy?.effects ?? []) add(r, '')
  return reach
}

export interface NeededIndex {
  table: SchemaTable
  column: SchemaColumn
  /** Filtered by equality, one branch of an `or()`, or the first column of a sorted list. */
  use: 'filter' | 'or' | 'order'
  /** Columns of the proposed index, in order. */
  columns: string[]
  accesses: DataAccess[]
  adminOnly: boolean
}

/** One entry for each table column that some data access of a route needs an index on; in the order of the tables. */
export function neededIndexes(input: DetectInput): NeededIndex[] {
  const { code, schema } = input
  if (!schema) return []
  const tables = new Set(ownTables(schema).filter(t => !isUnknown(t, 'indexes') && !isUnknown(t, 'columns')))
  const reach = reachOf(code)
  const found = new Map<string, NeededIndex>()
  for (const access of code.accesses) {
    const table = tableOf(schema, access)
    if (!table || !tables.has(table) || !grows(input, table)) continue
    for (const shape of access.shapes) {
      if (!reach.drafts.has(shape.id) && access.routes.length === 0) continue
      const adminOnly = !reach.ordinary.has(shape.id)
      for (const need of needsOf(input, table, shape, adminOnly)) {
        const id = `${table.schema}.${table.name}.${need.column.name}`
        const entry = found.get(id) ?? { ...need, table, accesses: [], adminOnly }
        if (!entry.accesses.includes(access)) entry.accesses.push(access)
        entry.adminOnly &&= adminOnly
        if (entry.use === 'order' && need.use !== 'order')
          Object.assign(entry, { use: need.use, columns: need.columns })
        found.set(id, entry)
      }
    }
  }
  return [...found.values()]
}

type Need = Pick<NeededIndex, 'column' | 'use' | 'columns'>

function needsOf(input: DetectInput, table: SchemaTable, shape: AccessDraft, adminOnly: boolean): Need[] {
  // Of SQL that joins, the model does not tell which table a column belongs to.
  if (shape.op === 'rpc' || shape.op === 'raw') return []
  if (shape.sql !== undefined && /\bjoin\b|\bunion\b|\bwith\b|,\s*lateral\b|\bor\b/i.test(shape.sql)) return []
  if (shape.op !== 'select' && shape.op !== 'update' && shape.op !== 'delete') return []
  const column = (name: string | null): SchemaColumn | undefined =>
    name === null ? undefined : table.columns.find(c => c.name === name || c.name === snake(name))
  const equal = shape.filters
    .filter(f => f.op === 'eq' || f.op === 'in' || f.op === 'match')
    .flatMap(f => column(f.column) ?? [])
  const selective = equal.filter(c => isSelective(input, table, c))
  if (selective.some(c => mayBeIndexed(table, c.name) || followsFixed(table, c.name, equal))) return []
  // A filter that cannot be read may be the one that finds the rows.
  if (shape.filters.some(f => f.column === null && f.op !== 'or')) return []
  const best = selective.find(c => isKeyLike(table, c)) ?? selective[0]
  if (best) return [{ column: best, use: 'filter', columns: [best.name, ...sortedBy(shape, column, best)] }]
  const either = shape.filters.some(f => f.op === 'or')
  if (either) return orNeeds(input, table, shape)
  return orderNeeds(table, shape, equal, column, adminOnly)
}

function isKeyLike(table: SchemaTable, column: SchemaColumn): boolean {
  return /_id$|Id$|uuid/.test(column.name) || table.foreignKeys.some(f => f.columns[0] === column.name)
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

/** The order that the index can deliver along with the rows. */
function sortedBy(
  shape: AccessDraft,
  column: (name: string | null) => SchemaColumn | undefined,
  after: SchemaColumn,
): string[] {
  const first = column(shape.order[0] ?? null)
  return shape.op === 'select' && first && first !== after && (shape.limit || shape.range) ? [first.name] : []
}

/** `a.eq.x,b.in.(…)`: each branch needs its own index, and a branch that cannot have one makes the others useless. */
function orNeeds(input: DetectInput, table: SchemaTable, shape: AccessDraft): Need[] {
  const text = shape.raw?.text ?? ''
  const branches = splitOr(text)
  if (branches.length === 0) return []
  const columns = branches.map(branch => {
    const name = /^([A-Za-z_]\w*)\.(?:eq|in)\./.exec(branch)?.[1]
    const column = table.columns.find(c => c.name === name)
    return column && isSelective(input, table, column) ? column : undefined
  })
  if (columns.includes(undefined)) return []
  return columns
    .filter(c => c !== undefined)
    .filter(c => !mayBeIndexed(table, c.name))
    .map(column => ({ column, use: 'or', columns: [column.name] }))
}

/** Branches of PostgREST's `or` text, split at the commas of the outermost level. */
function splitOr(text: string): string[] {
  const out: string[] = []
  let depth = 0
  let current = ''
  for (const char of text) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (char === ',' && depth === 0) {
      out.push(current)
      current = ''
    } else current += char
  }
  return [...out, current].map(part => part.trim()).filter(part => part !== '')
}

/** An order that people give by hand: what they order so stays few. */
const DISPLAY_ORDER = /^(sort|display|list|menu|nav)?_?(order|position|index|rank|weight|seq|sequence|sort)(_index)?$/i

/** The first rows of a sorted list: without an index on the order the whole table is read and sorted for them. */
function orderNeeds(
  table: SchemaTable,
  shape: AccessDraft,
  equal: readonly SchemaColumn[],
  column: (name: string | null) => SchemaColumn | undefined,
  adminOnly: boolean,
): Need[] {
  if (shape.op !== 'select' || shape.head || shape.aggregate || adminOnly) return []
  if (!shape.limit && !shape.range) return []
  if (shape.filters.some(f => (f.op !== 'eq' && f.op !== 'is') || !column(f.column))) return []
  const first = column(shape.order[0] ?? null)
  if (!first || !showsManyRows(table, shape.role)) return []
  if (equal.some(c => c === first) || shape.filters.some(f => f.column === first.name)) return []
  // Any index that starts with the order, or has it after the columns that are fixed, or is partial on it.
  const fixed = new Set(equal.map(c => c.name))
  const serves = table.indexes.some(i => {
    if (i.method !== 'btree' || i.valid === false) return false
    const rest = i.columns.slice(i.columns.findIndex(c => !fixed.has(c)))
    return rest[0] === first.name || i.columns[0] === first.name
  })
  if (serves || isIndexed(table, first.name)) return []
  if (/bool/i.test(first.type) || DISPLAY_ORDER.test(first.name)) return []
  return [{ column: first, use: 'order', columns: [...fixed, first.name] }]
}

/** `table_column_idx`, as PostgreSQL itself would call it. */
export function indexStatement(table: SchemaTable, columns: readonly string[]): string {
  const quote = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`)
  const name = `${table.name}_${columns.join('_')}_idx`.slice(0, 63)
  return `create index concurrently ${quote(name)} on ${quote(table.schema)}.${quote(table.name)} (${columns.map(quote).join(', ')});`
}
