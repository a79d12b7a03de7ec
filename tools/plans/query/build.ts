import type { AccessDraft } from '../../code/known/access.ts'
import type { CatalogForeignKey, CatalogTable } from '../catalog.ts'
import { tableKey } from '../catalog.ts'
import { type Condition, conditionsOf, quoteName, snake, type Values } from './filters.ts'
import { parseSelect, type SelectEmbed, type SelectItem } from './select.ts'

/** What the database will see of one access. */
export interface BuiltQuery {
  sql: string
  role: DatabaseRole
  /** Parts that the code leaves open and that stand for something of their kind. */
  guesses: string[]
  /** Tables that it names, as "schema.table". */
  tables: string[]
  /** Its parameters have no values: only a generic plan can be had. */
  generic: boolean
  /** Text of its plan, once it was planned. */
  text?: string
}

export type DatabaseRole = 'anon' | 'authenticated' | 'service_role' | 'postgres'

export interface BuildContext {
  tables: ReadonlyMap<string, CatalogTable>
  /** Views, as "schema.view". */
  views: ReadonlySet<string>
  values: Values
}

/** Supabase's default for the rows of one response (PostgREST `db-max-rows`); it holds for embedded lists as well. */
const MAX_ROWS = 1000

/** Page size where the code computes it. */
const PAGE_ROWS = 20

/** The SQL of one shape of an access, or why there is none. */
export async function buildQuery(draft: AccessDraft, context: BuildContext): Promise<BuiltQuery | { skipped: string }> {
  if (draft.op === 'rpc') return { skipped: 'a function of the database: the planner does not see into it' }
  if (draft.sql !== undefined) return rawQuery(draft)
  if (draft.op === 'raw') return { skipped: 'the SQL text is not known' }
  if (draft.table === null) return { skipped: 'the table is not known' }
  const table = findTable(draft, context)
  if (!table) return { skipped: `the schema has no table \`${draft.table}\`` }
  if (draft.op === 'insert' || draft.op === 'upsert')
    return { skipped: 'an insert: its cost is that of the indexes and triggers of the table, not of a plan' }
  const state: State = { ...context, draft, guesses: [], used: new Set([tableKey(table)]), aliases: 0 }
  const sql = draft.op === 'select' ? await readSql(table, state) : await writeSql(table, state)
  return { sql, role: roleOf(draft), guesses: state.guesses, tables: [...state.used].sort(), generic: false }
}

interface State extends BuildContext {
  draft: AccessDraft
  guesses: string[]
  used: Set<string>
  aliases: number
}

function findTable(draft: AccessDraft, { tables, views }: BuildContext): CatalogTable | undefined {
  const schema = draft.schema ?? 'public'
  const name = draft.table ?? ''
  const found = tables.get(`${schema}.${name}`) ?? tables.get(`${schema}.${snake(name)}`)
  if (found) return found
  // Prisma and Drizzle name models in the singular or in camelCase.
  if (draft.client !== 'supabase-js') {
    const wanted = normal(name)
    for (const table of tables.values())
      if (table.schema === schema && [wanted, `${wanted}s`].includes(normal(table.name))) return table
  }
  if (!views.has(`${schema}.${name}`)) return undefined
  const lists = { columns: [], uniques: [], foreignKeys: [], checks: [], indexes: [] }
  return { oid: '', schema, name, ...lists, referenced: false, rows: 0 }
}

function normal(name: string): string {
  return name.replace(/_/g, '').toLowerCase()
}

function roleOf({ client, role }: AccessDraft): DatabaseRole {
  if (client !== 'supabase-js') return 'postgres'
  return role === 'anon' ? 'anon' : role === 'service' ? 'service_role' : 'authenticated'
}

/** What the app model puts where it does not know the text. */
const HOLE = '\u0001'

/** SQL that the app wrote itself; a parameter or a value between its parts is a parameter of the plan. */
function rawQuery(draft: AccessDraft): BuiltQuery | { skipped: string } {
  const text = (draft.sql ?? '').trim().replace(/;\s*$/, '')
  if (!/^(select|with|update|delete)\b/i.test(text) || text.includes(';'))
    return { skipped: 'no single statement that can be planned' }
  const parts = text.split(HOLE)
  if (
    parts.some(
      part => /(\b(from|join|update|into|by|where|and|or|select)|[,.])\s*$/i.test(part) && part !== parts.at(-1),
    )
  )
    return { skipped: 'parts of the SQL are not known' }
  const numbered = /\$\d/.test(text)
  let holes = 0
  const parameter = (): string => {
    holes += 1
    return `$${numbered ? 50 + holes : holes}`
  }
  const sql = parts.reduce((sql, part) => `${sql}${parameter()}${part}`)
  const guesses = holes > 0 || numbered ? ['parameters'] : []
  return { sql, role: roleOf(draft), guesses, tables: [], generic: guesses.length > 0 }
}

/** What PostgREST wraps a read in: rows to JSON, and a count where it was asked for. ORMs send the inner query. */
async function readSql(table: CatalogTable, state: State): Promise<string> {
  const { draft } = state
  const name = qualified(table)
  const { sql: where, conditions } = await whereOf(table, name, state)
  const items = draft.columns === null || draft.client !== 'supabase-js' ? [] : parseSelect(draft.columns)
  const { columns, joins } = await selection(table, name, items, state)
  const order = orderOf(table, name, draft)
  const inner = `SELECT ${columns.join(', ')} FROM ${name}${joins}${where}${order}${limitOf(draft, state)}`
  if (draft.client !== 'supabase-js') return inner
  const counts = draft.count === 'exact'
  const count = counts ? `, pgrst_source_count AS (SELECT 1 FROM ${name}${existing(joins, conditions)})` : ''
  const total = counts ? '(SELECT pg_catalog.count(*) FROM pgrst_source_count)' : 'null::bigint'
  const source = draft.head ? `SELECT ${columns.join(', ')} FROM ${name}${joins}${where} LIMIT 0` : inner
  return `WITH pgrst_source AS (${source})${count} SELECT ${total} AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]') AS body FROM (SELECT * FROM pgrst_source) _postgrest_t`
}

/** Inner joins decide which rows count; left joins do not. */
function existing(joins: string, conditions: readonly Condition[]): string {
  const where = conditions.length > 0 ? ` WHERE ${conditions.map(c => c.sql).join(' AND ')}` : ''
  return `${joins.includes('INNER JOIN') ? joins : ''}${where}`
}

async function whereOf(
  table: CatalogTable,
  qualifier: string,
  state: State,
): Promise<{ sql: string; conditions: Condition[] }> {
  const { draft, values, guesses } = state
  const { conditions, left } = await conditionsOf(draft.filters, draft.raw?.text, table, qualifier, values)
  if (left > 0) guesses.push(`${left} ${left === 1 ? 'condition' : 'conditions'} left out`)
  if (conditions.some(c => c.guessed)) guesses.push('values')
  return { sql: conditions.length > 0 ? ` WHERE ${conditions.map(c => c.sql).join(' AND ')}` : '', conditions }
}

function orderOf(table: CatalogTable, qualifier: string, draft: AccessDraft): string {
  const keys = draft.order.flatMap(name => {
    const column = table.columns.find(c => c.name === name || c.name === snake(name))
    return column ? [`${qualifier}.${quoteName(column.name)}${draft.descending?.includes(name) ? ' DESC' : ''}`] : []
  })
  return keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : ''
}

function limitOf(draft: AccessDraft, { guesses }: State): string {
  const most = draft.client === 'supabase-js' ? MAX_ROWS : undefined
  if (draft.limit || draft.range) {
    const known = draft.limit?.value
    if (known === undefined) guesses.push('page size')
    const offset = draft.offset?.value ?? 0
    return ` LIMIT ${Math.min(known ?? PAGE_ROWS, most ?? Number.POSITIVE_INFINITY)}${offset > 0 ? ` OFFSET ${offset}` : ''}`
  }
  return most === undefined ? '' : ` LIMIT ${most}`
}

async function selection(
  table: CatalogTable,
  qualifier: string,
  items: readonly SelectItem[],
  state: State,
): Promise<{ columns: string[]; joins: string }> {
  const columns: string[] = []
  let joins = ''
  for (const item of items) {
    if (item.kind === 'embed') {
      const joined = embed(table, qualifier, item, state)
      if (!joined) {
        state.guesses.push(`\`${item.name}\` left out`)
        continue
      }
      columns.push(joined.column)
      joins += joined.join
    } else if (item.aggregate) {
      columns.push(`${item.aggregate}(${item.name === '*' ? '*' : `${qualifier}.${quoteName(item.name)}`})`)
    } else {
      const name = item.name === '*' ? '*' : quoteName(item.name)
      const path = (item.path ?? '').replace(
        /->(>?)'?(\w+)'?/g,
        (_, arrow: string, key: string) => `->${arrow}'${key}'`,
      )
      const renamed = item.alias ? ` AS ${quoteName(item.alias)}` : ''
      columns.push(`${qualifier}.${name}${path}${item.cast ? `::${item.cast}` : ''}${renamed}`)
    }
  }
  if (columns.length === 0) columns.push(`${qualifier}.*`)
  return { columns, joins }
}

/** A lateral join per embedded resource: the parent as one row, children as a list. */
function embed(
  table: CatalogTable,
  qualifier: string,
  item: SelectEmbed,
  state: State,
): { column: string; join: string } | undefined {
  const relation = relationOf(table, item, state)
  if (!relation) return undefined
  const { target, on, one, through } = relation
  state.used.add(tableKey(target))
  state.aliases += 1
  const alias = quoteName(`${item.name}_${state.aliases}`)
  const name = quoteName(`${target.name}_${state.aliases}`)
  const inner = embeddedColumns(target, name, item.items, state)
  const from = `FROM ${qualified(target)} AS ${name}${through ? `, ${qualified(through)}` : ''}`
  const body = `SELECT ${inner.columns.join(', ')} ${from}${inner.joins} WHERE ${on(qualifier, name)}`
  const kind = item.inner ? 'INNER' : 'LEFT'
  const label = quoteName(item.alias ?? item.name)
  if (one) {
    const join = ` ${kind} JOIN LATERAL (${body}) AS ${alias} ON TRUE`
    return { column: item.spread ? `${alias}.*` : `row_to_json(${alias}.*) AS ${label}`, join }
  }
  const list = `SELECT json_agg(${alias}) AS ${alias} FROM (${body} LIMIT ${MAX_ROWS}) AS ${alias}`
  const join = ` ${kind} JOIN LATERAL (${list}) AS ${alias} ON ${item.inner ? `${alias} IS NOT NULL` : 'TRUE'}`
  return { column: `COALESCE(${alias}.${alias}, '[]') AS ${label}`, join }
}

function embeddedColumns(
  table: CatalogTable,
  qualifier: string,
  items: readonly SelectItem[],
  state: State,
): { columns: string[]; joins: string } {
  const columns: string[] = []
  let joins = ''
  for (const item of items) {
    if (item.kind === 'embed') {
      const joined = embed(table, qualifier, item, state)
      if (joined) columns.push(joined.column)
      joins += joined?.join ?? ''
    } else if (item.aggregate) columns.push(`${item.aggregate}(*)`)
    else columns.push(`${qualifier}.${item.name === '*' ? '*' : quoteName(item.name)}`)
  }
  if (columns.length === 0) columns.push(`${qualifier}.*`)
  return { columns, joins }
}

interface Relation {
  target: CatalogTable
  one: boolean
  through?: CatalogTable
  on: (from: string, to: string) => string
}

/** By the foreign key between the two tables; the hint after `!` chooses among several. */
function relationOf(table: CatalogTable, item: SelectEmbed, { tables }: State): Relation | undefined {
  const fits = (key: CatalogForeignKey): boolean =>
    !item.hint || key.name === item.hint || key.columns.includes(item.hint) || key.table === item.hint
  const byName = tables.get(`${table.schema}.${item.name}`)
  // "author_id(name)" names the column or the foreign key itself.
  const own = table.foreignKeys.filter(key =>
    byName
      ? key.table === byName.name && key.schema === byName.schema
      : key.columns.includes(item.name) || key.name === item.name,
  )
  const toOne = own.find(fits)
  const parent = toOne && tables.get(`${toOne.schema}.${toOne.table}`)
  if (toOne && parent) {
    const on = (from: string, to: string): string => pairs(to, toOne.references, from, toOne.columns)
    return { target: parent, one: true, on }
  }
  if (!byName) return undefined
  const toMany = byName.foreignKeys.filter(key => key.table === table.name && key.schema === table.schema).find(fits)
  if (toMany) {
    const one = byName.uniques.some(
      key => key.length === toMany.columns.length && key.every(c => toMany.columns.includes(c)),
    )
    return { target: byName, one, on: (from, to) => pairs(to, toMany.columns, from, toMany.references) }
  }
  for (const junction of tables.values()) {
    const here = junction.foreignKeys.find(key => key.table === table.name && key.schema === table.schema)
    const there = junction.foreignKeys.find(key => key.table === byName.name && key.schema === byName.schema)
    if (!here || !there || here === there) continue
    const name = qualified(junction)
    const on = (from: string, to: string): string =>
      `${pairs(name, here.columns, from, here.references)} AND ${pairs(to, there.references, name, there.columns)}`
    return { target: byName, one: false, through: junction, on }
  }
  return undefined
}

function pairs(left: string, leftColumns: readonly string[], right: string, rightColumns: readonly string[]): string {
  return leftColumns
    .map((c, i) => `${left}.${quoteName(c)} = ${right}.${quoteName(rightColumns[i] ?? '')}`)
    .join(' AND ')
}

/** An update or delete, with what it returns. The columns that it sets are not known: one that no index has stands for them. */
async function writeSql(table: CatalogTable, state: State): Promise<string> {
  const { draft } = state
  const name = qualified(table)
  const { sql: where } = await whereOf(table, name, state)
  const returning = draft.returning ? ` RETURNING ${name}.*` : ''
  const target =
    table.columns.find(c => /updated|modified/.test(c.name)) ??
    table.columns.find(c => !table.uniques.some(u => u.includes(c.name)))
  const set = target && !target.generated ? quoteName(target.name) : quoteName(table.columns[0]?.name ?? '')
  if (draft.op === 'update') state.guesses.push('the columns that it sets')
  const change =
    draft.op === 'delete' ? `DELETE FROM ${name}${where}` : `UPDATE ${name} SET ${set} = ${name}.${set}${where}`
  if (draft.client !== 'supabase-js') return `${change}${returning}`
  return `WITH pgrst_source AS (${change}${returning || ' RETURNING 1'}) SELECT pg_catalog.count(_postgrest_t) AS page_total FROM (SELECT * FROM pgrst_source) _postgrest_t`
}

function qualified({ schema, name }: CatalogTable): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}
