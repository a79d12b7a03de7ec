import { chownSync, closeSync, openSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { Filled } from './seed/fill.ts'
import type { Recipes } from './seed/recipe.ts'

/**
 * Makes a sample look like the whole: the planner asks the file system how large tables and indexes are, and the catalogs how
 * dense they are and how many values their columns have. So files grow to their size at the target without taking space
 * (sparse), and the statistics are scaled. For EXPLAIN without ANALYZE only; a database treated so is dropped afterwards.
 */
export async function growToSize(client: Client, filled: readonly Filled[], recipes: Recipes): Promise<void> {
  const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
  const folder = rows[0]?.folder
  if (!folder) throw new Error('the server does not say where its files are')
  for (const table of filled) {
    if (table.present === 0 || table.rows <= table.present) continue
    await scaleDistinct(client, table, recipes)
    await growRelations(client, folder, table)
  }
}

/** Windows reserves the space of a file that is made longer. */
export function canGrow(): boolean {
  return process.platform !== 'win32'
}

const RELATIONS = `
select c.oid::text, pg_relation_filepath(c.oid) as path, pg_relation_size(c.oid) as bytes, c.reltuples as rows,
  c.relkind = 'i' as index, am.amname = 'btree' as btree, coalesce(i.indisunique, false) as unique,
  (select array_agg(a.attname::text) from unnest(i.indkey) k(n) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n) as columns
from pg_class c join pg_am am on am.oid = c.relam left join pg_index i on i.indexrelid = c.oid
where c.oid = $1::regclass or i.indrelid = $1::regclass`

interface Relation {
  oid: string
  path: string
  bytes: string
  rows: number
  index: boolean
  btree: boolean
  unique: boolean
  columns: string[] | null
}

const PAGE = 8192
/** A relation is kept in files of one gigabyte. */
const SEGMENT_PAGES = 131_072

async function growRelations(client: Client, folder: string, table: Filled): Promise<void> {
  const factor = table.rows / table.present
  const name = `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`
  const relations = await client.query<Relation>(RELATIONS, [name])
  const statistics = new Map((await client.query<Statistic>(STATISTICS, [name])).rows.map(row => [row.name, row]))
  for (const relation of relations.rows) {
    const rows = Math.round(Math.max(0, relation.rows) * factor)
    const pages = relation.index
      ? indexPages(relation, rows, factor, statistics)
      : Math.ceil((Number(relation.bytes) / PAGE) * factor)
    growFile(join(folder, relation.path), Math.max(pages, Number(relation.bytes) / PAGE))
    await client.query(
      `update pg_class set reltuples = $2, relpages = $3, relallvisible = case when relkind = 'i' then 0 else $3 end where oid = $1`,
      [relation.oid, rows, pages],
    )
  }
}

/** Bytes of a B-tree entry besides its key: tuple header and line pointer; and of one more row of the same key. */
const ENTRY_BYTES = 12
const DUPLICATE_BYTES = 6
/** Share of a page that is used after random inserts, and after a build in order (fillfactor). */
const RANDOM_FILL = 0.68
const BUILT_FILL = 0.9

/**
 * Pages of an index at its size. A B-tree keeps equal keys once (deduplication, PostgreSQL 13), and the sample has fewer
 * equals than the whole: its size is computed. Others grow in proportion.
 */
function indexPages(
  { bytes, btree, unique, columns }: Relation,
  rows: number,
  factor: number,
  statistics: ReadonlyMap<string, Statistic>,
): number {
  // The first page of an index is its own description, whatever its size.
  const proportional = Math.ceil((Number(bytes) / PAGE - 1) * factor) + 1
  const known = (columns ?? []).map(name => statistics.get(name))
  if (!btree || rows === 0 || known.length === 0 || known.includes(undefined)) return proportional
  const width = known.reduce((sum, s) => sum + (s?.width ?? 0), 0)
  const entry = Math.ceil(width / 8) * 8 + ENTRY_BYTES
  const values = known.reduce((product, s) => product * distinctOf(s?.distinct ?? -1, rows), 1)
  const equals = unique ? 1 : rows / Math.min(rows, Math.max(1, values))
  const perRow = equals < 2 ? entry : DUPLICATE_BYTES + entry / Math.min(equals, 100)
  return Math.ceil((rows * perRow) / (PAGE * (unique ? RANDOM_FILL : BUILT_FILL))) + 1
}

/** Negative is a share of the rows. */
function distinctOf(stored: number, rows: number): number {
  return stored < 0 ? -stored * rows : stored
}

function growFile(path: string, pages: number): void {
  const { uid, gid } = statSync(path)
  for (let segment = 0; segment * SEGMENT_PAGES < pages; segment++) {
    const file = segment === 0 ? path : `${path}.${segment}`
    if (segment > 0) {
      closeSync(openSync(file, 'a', 0o600))
      if (process.getuid?.() === 0) chownSync(file, uid, gid)
    }
    truncateSync(file, Math.min(SEGMENT_PAGES, pages - segment * SEGMENT_PAGES) * PAGE)
  }
}

const STATISTICS = `
select a.attname as name, a.attnum, s.stadistinct as distinct, s.stawidth as width, s.starelid::text as oid
from pg_statistic s join pg_attribute a on a.attrelid = s.starelid and a.attnum = s.staattnum
where s.starelid = $1::regclass and not s.stainherit`

interface Statistic {
  name: string
  attnum: number
  distinct: number
  width: number
  oid: string
}

/** A column with no more values than this in the sample has no more in the whole. */
const FEW_VALUES = 50

async function scaleDistinct(client: Client, table: Filled, recipes: Recipes): Promise<void> {
  const name = `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`
  const { rows } = await client.query<Statistic>(STATISTICS, [name])
  const recipe = recipes.of(`${table.schema}.${table.name}`)
  for (const { name: column, attnum, distinct, oid } of rows) {
    if (distinct === -1 || (distinct >= 0 && distinct <= FEW_VALUES)) continue
    const own = recipe?.columns.find(c => c.name === column)
    if (own?.by === 'row' && !own.parent) continue
    const values =
      own?.parent && own.by === 'draw'
        ? estimateForeign(own.parent.rows, table.rows)
        : await estimateSampled(client, name, column, table)
    if (values === undefined) continue
    // As ANALYZE stores it: a number that will grow with the table is kept as a share of the rows.
    const stored = values > table.rows * 0.1 ? -values / table.rows : values
    await client.query('update pg_statistic set stadistinct = $3 where starelid = $1 and staattnum = $2', [
      oid,
      attnum,
      stored,
    ])
  }
}

async function estimateSampled(
  client: Client,
  table: string,
  column: string,
  { rows, present }: Filled,
): Promise<number | undefined> {
  const quoted = client.escapeIdentifier(column)
  try {
    const result = await client.query<{ distinct: string; once: string; all: string }>(
      `select count(*) as distinct, count(*) filter (where n = 1) as once, sum(n) as all
       from (select count(*) as n from (select ${quoted} from ${table} where ${quoted} is not null limit ${present}) r group by ${quoted}) s`,
    )
    const row = result.rows[0]
    return row && haasStokes(Number(row.all), Number(row.distinct), Number(row.once), rows)
  } catch {
    // A type without equality; its number of values is of no use to the planner either.
    return undefined
  }
}

/** Rows that ANALYZE looks at: 300 times the default statistics target. */
const ANALYZED_ROWS = 30_000

/** Number of distinct foreign keys that ANALYZE would find in `rows` children of `parents` with our skew. */
function estimateForeign(parents: number, rows: number): number {
  const sample = Math.min(ANALYZED_ROWS, rows)
  let distinct = 0
  let once = 0
  // Parents of similar share are counted together; bins grow by two per cent.
  for (let from = 0; from < parents; ) {
    const to = Math.min(parents, Math.max(from + 1, Math.floor(from * 1.02)))
    const share = (Math.cbrt(to / parents) - Math.cbrt(from / parents)) / (to - from)
    distinct += (to - from) * (1 - (1 - share) ** sample)
    once += (to - from) * sample * share * (1 - share) ** (sample - 1)
    from = to
  }
  return haasStokes(sample, distinct, once, rows)
}

/** The estimator of ANALYZE (Haas and Stokes 1998, Duj1; src/backend/commands/analyze.c). */
function haasStokes(sample: number, distinct: number, once: number, rows: number): number {
  if (sample === 0) return 0
  const estimate = (sample * distinct) / (sample - once + (once * sample) / rows)
  return Math.round(Math.min(Math.max(estimate, distinct), rows))
}
