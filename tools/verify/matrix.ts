import type { Client } from 'pg'
import { quoteTable } from '../plans/seed/fill.ts'

/** Somebody who asks the database, as PostgREST would on their behalf. */
export interface Context {
  name: string
  role: 'anon' | 'authenticated' | 'service_role'
  claims: Record<string, unknown>
}

/** A table as the commands see it. */
export interface ProbedTable {
  schema: string
  name: string
  /** Columns that can be written, in order. */
  columns: string[]
  /** Those of them that point at other rows: whoever may change them may give a row away. */
  references: string[]
}

/** What one context gets out of one command on one table: a digest of the rows, their number, or the error's SQLSTATE. */
export type Cells = Map<string, string>

/** Longest run of one probe. */
const PROBE_TIMEOUT_MS = 2000

/** Rows of each table that are offered again as new ones. */
const INSERTED_ROWS = 6

/**
 * Every command of every context on every table: which rows can be read, how many can be changed or deleted, which may be written.
 * All of it inside of one transaction that is undone. Triggers are off: what is looked at is row-level security and rights.
 *
 * An insert offers rows that are there already. Row-level security is asked before keys are looked at, so that a refused row answers
 * 42501 and an allowed one 23505, and nothing stays.
 *
 * @param first a statement to run before, undone with the rest
 * @param owner connection of the role that owns the tables, with nobody else in the database
 */
export async function probe(
  owner: Client,
  tables: readonly ProbedTable[],
  contexts: readonly Context[],
  { first, signal }: { first?: string; signal?: AbortSignal } = {},
): Promise<Cells> {
  const cells: Cells = new Map()
  await owner.query('begin')
  try {
    await owner.query(`set local session_replication_role = replica; set local statement_timeout = ${PROBE_TIMEOUT_MS}`)
    if (first !== undefined) await owner.query(first)
    for (const table of tables) {
      const offered = await rowsToOffer(owner, table)
      const others = await otherReferences(owner, table)
      for (const context of contexts) {
        signal?.throwIfAborted()
        await probeTable(owner, table, { context, offered, others, cells })
      }
    }
  } finally {
    await owner.query('rollback')
  }
  return cells
}

interface Probing {
  context: Context
  /** Rows as JSON. */
  offered: string[]
  /** By column: a reference that some rows do not have. */
  others: Map<string, string>
  cells: Cells
}

async function probeTable(owner: Client, table: ProbedTable, probing: Probing): Promise<void> {
  const { context, offered, others, cells } = probing
  const name = quoteTable(owner, table)
  const set = (command: string, value: string): void => {
    cells.set(`${table.schema}.${table.name} ${command} as ${context.name}`, value)
  }
  const select = `select count(*)::text || ' rows ' || coalesce(md5(string_agg(ctid::text, ' ' order by ctid)), '') as cell from ${name}`
  set('select', await attempt(owner, context, select))
  set('delete', await attempt(owner, context, `delete from ${name}`))
  const writable = await grantedColumns(owner, table, context.role)
  const [first] = writable.update
  if (first !== undefined) {
    const column = owner.escapeIdentifier(first)
    set('update', await attempt(owner, context, `update ${name} set ${column} = ${column}`))
  }
  for (const [reference, value] of others) {
    if (!writable.update.includes(reference)) continue
    const update = `update ${name} set ${owner.escapeIdentifier(reference)} = ${owner.escapeLiteral(value)}`
    set(`update of ${reference}`, await attempt(owner, context, update))
  }
  if (writable.insert.length === 0) return
  const columns = writable.insert.map(one => owner.escapeIdentifier(one)).join(', ')
  for (const [index, row] of offered.entries()) {
    const values = `select ${columns} from json_populate_record(null::${name}, ${owner.escapeLiteral(row)})`
    const insert = `insert into ${name} (${columns}) overriding system value ${values}`
    set(`insert ${index + 1}`, allowed(await attempt(owner, context, insert)))
  }
}

/** A row that gets as far as the keys and checks was allowed; whether it meets them depends on sequences, which nobody undoes. */
function allowed(answer: string): string {
  return answer.startsWith('error 23') || answer.endsWith('rows') ? 'allowed' : answer
}

/** Columns that a role may write: rights on single columns are how some apps protect the others. */
async function grantedColumns(
  owner: Client,
  table: ProbedTable,
  role: Context['role'],
): Promise<{ update: string[]; insert: string[] }> {
  const { rows } = await owner.query<{ name: string; update: boolean; insert: boolean }>(
    `select name, pg_catalog.has_column_privilege($1::name, $2, name, 'UPDATE') as update,
       pg_catalog.has_column_privilege($1::name, $2, name, 'INSERT') as insert from unnest($3::text[]) as name`,
    [role, quoteTable(owner, table), table.columns],
  )
  const those = (right: 'update' | 'insert'): string[] => rows.filter(row => row[right]).map(({ name }) => name)
  return { update: those('update'), insert: those('insert') }
}

/** The commonest value but one of each reference: the rows that have it may be somebody else's. */
async function otherReferences(owner: Client, table: ProbedTable): Promise<Map<string, string>> {
  const others = new Map<string, string>()
  for (const reference of table.references.slice(0, 3)) {
    const column = owner.escapeIdentifier(reference)
    const { rows } = await owner.query<{ value: string | null }>(
      `select ${column}::text as value from ${quoteTable(owner, table)} where ${column} is not null group by 1 order by count(*) desc, 1 offset 1 limit 1`,
    )
    if (typeof rows[0]?.value === 'string') others.set(reference, rows[0].value)
  }
  return others
}

async function rowsToOffer(owner: Client, table: ProbedTable): Promise<string[]> {
  const { rows } = await owner.query<{ row: string }>(
    `select to_json(t)::text as row from ${quoteTable(owner, table)} t order by ctid limit ${INSERTED_ROWS}`,
  )
  return rows.map(({ row }) => row)
}

/** Runs one statement as the context would, and undoes it. */
async function attempt(owner: Client, { role, claims }: Context, sql: string): Promise<string> {
  const json = owner.escapeLiteral(JSON.stringify(claims))
  await owner.query(
    `savepoint probe; select set_config('request.jwt.claims', ${json}, true), set_config('request.jwt.claim.sub', ${owner.escapeLiteral(String(claims.sub ?? ''))}, true), set_config('request.jwt.claim.role', '${role}', true); set local role ${role}`,
  )
  try {
    const result = await owner.query<{ cell?: string }>(sql)
    return result.rows[0]?.cell ?? `${result.rowCount} rows`
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? 'unknown'}`
  } finally {
    await owner.query('rollback to savepoint probe; release savepoint probe')
  }
}

/** Names of the cells that differ, with both values. */
export function differingCells(before: Cells, after: Cells): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap(name => {
    const [one, other] = [before.get(name) ?? 'not there', after.get(name) ?? 'not there']
    return one === other ? [] : [`${name}: ${one} → ${other}`]
  })
}
