import type { Client } from 'pg'
import { type CatalogTable, readTables, tableKey } from '../catalog.ts'
import { createRecipes, type Recipe, type Recipes } from './recipe.ts'

/** What became of one table. */
export interface Filled {
  schema: string
  name: string
  /** Rows that it stands for. */
  rows: number
  /** Rows that are really there. */
  present: number
  kept: boolean
  /** Constraints that no simple value meets; they were dropped in the copy. */
  relaxed: string[]
  /** Why it is empty. */
  unseedable?: string
  ms: number
}

export interface FillOptions {
  /** Rows at the target by "schema.table". */
  rows: ReadonlyMap<string, number>
  /** Tables to begin with, when time is short. */
  first?: ReadonlySet<string>
  /** At most so many rows are really made, spread evenly over the target's rows; all of them when absent. */
  sample?: number
  /** Milliseconds after which no further table is begun. */
  budgetMs?: number
  signal?: AbortSignal
  onTable?: (key: string, done: number, total: number) => void
}

/** A share of accepted draws below this is not waited for. */
const LEAST_ACCEPTED = 0.02

/** Key values of tables that keep their rows: more are not needed to spread children over them. */
const MOST_KEPT_KEYS = 1000

/**
 * Fills the tables of a copy of the shadow database, as superuser and with triggers and foreign keys off: keys hold by
 * construction. Statistics are up to date afterwards.
 */
export async function fill(client: Client, options: FillOptions): Promise<{ filled: Filled[]; recipes: Recipes }> {
  await client.query('set session_replication_role = replica')
  await client.query('set synchronous_commit = off')
  await client.query(`set maintenance_work_mem = '256MB'`)
  const tables = await readTables(client)
  const recipes = createRecipes(tables, options.rows, await existingKeys(client, tables, options.rows))
  const filled: Filled[] = []
  const keys = [...options.rows.keys()].filter(key => tables.has(key)).sort()
  keys.sort((a, b) => Number(options.first?.has(b) ?? false) - Number(options.first?.has(a) ?? false))
  const started = performance.now()
  for (const [index, key] of keys.entries()) {
    options.signal?.throwIfAborted()
    options.onTable?.(key, index, keys.length)
    const recipe = recipes.of(key)
    if (!recipe) continue
    if (options.budgetMs !== undefined && performance.now() - started > options.budgetMs) {
      filled.push({
        ...outcome(recipe),
        unseedable: 'the time given for seeding was used up',
        present: recipe.table.rows,
      })
      continue
    }
    filled.push(await fillTable(client, recipe, options))
  }
  await client.query('set session_replication_role = origin')
  return { filled, recipes }
}

function outcome({ table, rows, kept }: Recipe): Filled {
  return { schema: table.schema, name: table.name, rows, present: 0, kept, relaxed: [], ms: 0 }
}

async function existingKeys(
  client: Client,
  tables: ReadonlyMap<string, CatalogTable>,
  wanted: ReadonlyMap<string, number>,
) {
  const known = new Map<string, { sql: string; size: number }>()
  for (const table of tables.values()) {
    for (const { schema, table: name, references } of table.foreignKeys) {
      const key = tableKey({ schema, name })
      const target = tables.get(key)
      if (!target || target.rows === 0 || (wanted.get(key) ?? 0) > target.rows) continue
      for (const column of references) {
        if (known.has(`${key}.${column}`)) continue
        const type = target.columns.find(c => c.name === column)?.typeText ?? 'text'
        const quoted = client.escapeIdentifier(column)
        const { rows } = await client.query<{ values: string[] | null }>(
          `select array_agg(v) as values from (select ${quoted}::text as v from ${quoteTable(client, target)} order by ctid limit ${MOST_KEPT_KEYS}) s`,
        )
        const values = rows[0]?.values ?? []
        const list = values.map(value => client.escapeLiteral(value)).join(', ')
        known.set(`${key}.${column}`, { sql: `array[${list}]::${type}[]`, size: values.length })
      }
    }
  }
  return (key: string, column: string) => known.get(`${key}.${column}`)
}

/** The table's name for SQL. */
export function quoteTable(client: Client, { schema, name }: { schema: string; name: string }): string {
  return `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`
}

async function fillTable(client: Client, recipe: Recipe, { sample }: FillOptions): Promise<Filled> {
  const started = performance.now()
  const result = outcome(recipe)
  const { table } = recipe
  const target = quoteTable(client, table)
  if (recipe.unknown.length > 0) result.unseedable = `no values are known for ${recipe.unknown.join(', ')}`
  else if (!recipe.kept) {
    const failure = await insertRows(client, recipe, Math.min(sample ?? recipe.rows, recipe.rows), result)
    if (failure) result.unseedable = failure
  }
  await client.query(`vacuum (analyze, parallel 0) ${target}`)
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${target}`)
  result.present = Number(rows[0]?.n ?? 0)
  if (recipe.kept) result.rows = result.present
  result.ms = performance.now() - started
  return result
}

/** @returns why no row could be made. */
async function insertRows(client: Client, recipe: Recipe, count: number, result: Filled): Promise<string | undefined> {
  const { table } = recipe
  await client.query(`delete from ${quoteTable(client, table)}`)
  // Six checks that each need a constraint dropped are as many as were ever seen on one table.
  for (let attempt = 0; attempt < 7; attempt++) {
    const accepted = await acceptedShare(client, recipe)
    if (typeof accepted === 'string') return accepted
    if (accepted.share < LEAST_ACCEPTED && accepted.worst) {
      await relax(client, table, accepted.worst, result)
      continue
    }
    try {
      await withoutIndexes(client, table, count, () => client.query(insertSql(client, recipe, count, accepted.share)))
      return undefined
    } catch (error) {
      const { code, constraint, message } = error as { code?: string; constraint?: string; message: string }
      // A check, or an exclusion constraint that ON CONFLICT did not catch.
      if ((code !== '23514' && code !== '23P01') || !constraint) return message
      await relax(client, table, constraint, result)
    }
  }
  return 'no rows meet its checks'
}

/** Rows from which on it is faster to build indexes afterwards than to keep them up to date. */
const MANY_ROWS = 20_000

/** Unique indexes stay: they keep doubles out. */
async function withoutIndexes(
  client: Client,
  table: CatalogTable,
  count: number,
  run: () => Promise<unknown>,
): Promise<void> {
  if (count < MANY_ROWS) {
    await run()
    return
  }
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select c.oid::regclass::text as name, pg_get_indexdef(c.oid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = $1 and not i.indisunique and i.indisvalid order by c.relname`,
    [table.oid],
  )
  await client.query('begin')
  try {
    for (const { name } of rows) await client.query(`drop index ${name}`)
    await run()
    for (const { definition } of rows) await client.query(definition)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function relax(client: Client, table: CatalogTable, constraint: string, result: Filled): Promise<void> {
  const check = table.checks.find(({ name }) => name === constraint)
  result.relaxed.push(check ? `${constraint}: ${check.expression}` : constraint)
  table.checks = table.checks.filter(({ name }) => name !== constraint)
  await client.query(
    `alter table ${quoteTable(client, table)} drop constraint if exists ${client.escapeIdentifier(constraint)} cascade`,
  )
}

/** How many of the draws meet all checks, and which check refuses most. */
async function acceptedShare(
  client: Client,
  recipe: Recipe,
): Promise<{ share: number; worst: string | undefined } | string> {
  const { table } = recipe
  if (table.checks.length === 0) return { share: 1, worst: undefined }
  const each = table.checks.map(
    ({ expression }, i) => `count(*) filter (where (${expression}) is not false) as "c${i}"`,
  )
  const all = table.checks.map(({ expression }) => `((${expression}) is not false)`).join(' and ')
  try {
    const { rows } = await client.query<Record<string, string>>(
      `select count(*) filter (where ${all}) as every, ${each.join(', ')} from (${draws(client, recipe, '1', String(PROBES))}) d`,
    )
    const row = rows[0] ?? {}
    const counts = table.checks.map((check, i) => ({ name: check.name, count: Number(row[`c${i}`]) }))
    const worst = counts.sort((a, b) => a.count - b.count)[0]
    return { share: Number(row.every) / PROBES, worst: worst?.name }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const PROBES = 500

/** Rows that may be drawn, every column by its own name so that the text of a check applies to them. */
function draws(client: Client, { columns }: Recipe, from: string, to: string): string {
  const values = columns.map(({ name, sql }) => `${sql('g.n')} as ${client.escapeIdentifier(name)}`)
  return `select g.n as "#draw", ${values.join(', ')} from generate_series(${from}::bigint, ${to}::bigint) as g(n)`
}

/**
 * INSERT of `count` rows spread evenly over the rows of the target: row numbers are multiples of the step. Draws that break a
 * check are left out before rows are numbered, so that keys have no holes.
 */
function insertSql(client: Client, recipe: Recipe, count: number, share: number): string {
  const { table, columns, rows } = recipe
  const names = columns.map(({ name }) => client.escapeIdentifier(name))
  const number = rows === count ? 'd.n' : `ceil(d.n * ${rows / count}::float8)::bigint`
  const into = `insert into ${quoteTable(client, table)} (${names.join(', ')}) overriding system value`
  if (table.checks.length === 0 || share === 1) {
    const values = columns.map(({ by, sql }) => sql(by === 'row' ? `(${number})` : 'd.n'))
    return `${into} select ${values.join(', ')} from generate_series(1::bigint, ${count}::bigint) as d(n) on conflict do nothing`
  }
  const checks = table.checks.map(({ expression }) => `((${expression}) is not false)`).join(' and ')
  const most = Math.ceil((count / share) * 1.2) + 100
  const numbered = `select row_number() over () as n, x.* from (${draws(client, recipe, '1', String(most))}) x where ${checks} limit ${count}`
  const values = columns.map(({ name, by, sql }) =>
    by === 'row' ? sql(`(${number})`) : `d.${client.escapeIdentifier(name)}`,
  )
  return `${into} select ${values.join(', ')} from (${numbered}) d on conflict do nothing`
}
