import { DatabaseError, type Executor, isDatabaseError } from './executor.ts'
import type {
  LiveActivity,
  LiveBlocking,
  LiveConnections,
  LiveLock,
  LiveOverview,
  LiveSequence,
  LiveSettings,
  LiveStatement,
  LiveStatements,
  LiveWraparound,
} from './model.ts'
import { normaliseQuery } from './normalise.ts'
import {
  BLOCKING,
  CONNECTION_GROUPS,
  CONNECTION_LIMITS,
  IDLE_IN_TRANSACTION,
  LOCKS,
  LONG_RUNNING,
  OVERVIEW,
  ROLE_SETTINGS,
  SEQUENCES,
  SEQUENCES_SEEN,
  SERVER_SETTINGS,
  STATEMENTS_HOME,
  STATISTICS_SEEN,
  statementInfoQuery,
  statementsQuery,
  statementTotalsQuery,
  WRAPAROUND,
  WRAPAROUND_TABLES,
} from './queries.ts'

/** Rows with the columns that are null left out: absent and unknown are one thing. */
export function withoutNulls<T extends object>(rows: T[]): T[] {
  return rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T)
}

export async function readOverview(executor: Executor, privileged: boolean): Promise<LiveOverview> {
  type Row = { version: string; number: number; since: string; days: number; bytes: number; replica: boolean }
  const row = one(await executor.rows<Row>(OVERVIEW))
  return {
    version: row.version.split(' ')[0] ?? row.version,
    major: Math.floor(row.number / 10_000),
    statisticsSince: row.since,
    statisticsDays: row.days,
    databaseBytes: row.bytes,
    replica: row.replica,
    via: executor.via,
    privileged,
  }
}

export async function readConnections(executor: Executor): Promise<LiveConnections> {
  const limits = one(await executor.rows<Pick<LiveConnections, 'maximum' | 'reserved' | 'used'>>(CONNECTION_LIMITS))
  const groups = await executor.rows<LiveConnections['groups'][number]>(CONNECTION_GROUPS)
  const idle = one(await executor.rows<LiveConnections['idleInTransaction']>(IDLE_IN_TRANSACTION))
  return { ...limits, groups, idleInTransaction: idle }
}

export async function readLongRunning(executor: Executor): Promise<LiveActivity[]> {
  const rows = withoutNulls(await executor.rows<LiveActivity>(LONG_RUNNING))
  return rows.map(row => ({ ...row, query: normaliseQuery(row.query) }))
}

export async function readLocks(executor: Executor): Promise<LiveLock[]> {
  const rows = withoutNulls(await executor.rows<LiveLock>(LOCKS))
  return rows.map(row => ({ ...row, query: normaliseQuery(row.query) }))
}

export async function readBlocking(executor: Executor): Promise<LiveBlocking[]> {
  type Row = Record<'blockedPid' | 'blockedSeconds' | 'blockingPid' | 'blockingSeconds', number> &
    Record<'blockedRole' | 'blockedQuery' | 'blockingRole' | 'blockingState' | 'blockingQuery', string>
  return (await executor.rows<Row>(BLOCKING)).map(row => ({
    blocked: {
      pid: row.blockedPid,
      role: row.blockedRole,
      seconds: row.blockedSeconds,
      query: normaliseQuery(row.blockedQuery),
    },
    blocking: {
      pid: row.blockingPid,
      role: row.blockingRole,
      seconds: row.blockingSeconds,
      state: row.blockingState,
      query: normaliseQuery(row.blockingQuery),
    },
  }))
}

/** @throws DatabaseError when pg_stat_statements is absent, not loaded, or shows nothing to this role. */
export async function readStatements(executor: Executor): Promise<LiveStatements> {
  const [home] = await executor.rows<{ schema: string; columns: string[] }>(STATEMENTS_HOME)
  if (!home)
    throw new DatabaseError('the extension pg_stat_statements is not there: create extension pg_stat_statements')
  if (!home.columns.includes('total_exec_time')) {
    throw new DatabaseError('pg_stat_statements is older than 1.8: alter extension pg_stat_statements update')
  }
  const totals = one(
    await executor.rows<{ totalMs: number; totalCalls: number }>(statementTotalsQuery(home.schema)).catch(error => {
      throw isDatabaseError(error) && error.code === '42501'
        ? new DatabaseError(`permission denied: grant usage on schema ${home.schema} to this role`, error.code)
        : error
    }),
  )
  const [info] = await executor
    .rows<{ evictions: number; since: string }>(statementInfoQuery(home.schema))
    .catch(() => [undefined])
  const rows = withoutNulls(await executor.rows<LiveStatement>(statementsQuery(home.schema)))
  // Without pg_read_all_stats PostgreSQL hides the texts of other roles.
  const visible = rows.filter(({ query }) => query !== '<insufficient privilege>')
  if (visible.length === 0 && rows.length > 0) {
    throw new DatabaseError('the role may not see the statements of others: grant pg_read_all_stats to it')
  }
  return {
    ...(info?.since && { since: info.since }),
    totalMs: totals.totalMs,
    totalCalls: totals.totalCalls,
    evictions: info?.evictions ?? 0,
    top: visible.map(row => ({ ...row, query: normaliseQuery(row.query) })),
  }
}

const INTEGER_LIMITS: Record<string, number> = {
  smallint: 32_767,
  integer: 2_147_483_647,
  bigint: 2 ** 63,
}

export async function readSequences(executor: Executor): Promise<LiveSequence[]> {
  type Row = Omit<LiveSequence, 'limit' | 'used'> & { maximum: number; increment: number }
  const rows = withoutNulls(await executor.rows<Row>(SEQUENCES))
  const { seen, hidden } = one(await executor.rows<{ seen: number; hidden: number }>(SEQUENCES_SEEN))
  if (seen === 0 && hidden > 0) {
    throw new DatabaseError(
      'the role may not see sequences: grant select on all sequences in schema public to it',
      '42501',
    )
  }
  return rows
    .map(({ maximum, increment: _, ...row }) => {
      const limit = Math.min(maximum, INTEGER_LIMITS[row.columnType ?? ''] ?? maximum)
      return { ...row, limit, used: row.lastValue / limit }
    })
    .sort((a, b) => b.used - a.used)
}

export async function readWraparound(executor: Executor): Promise<LiveWraparound> {
  const ages = one(await executor.rows<Pick<LiveWraparound, 'databaseAge' | 'freezeMaxAge'>>(WRAPAROUND))
  return { ...ages, tables: await executor.rows<LiveWraparound['tables'][number]>(WRAPAROUND_TABLES) }
}

export async function readSettings(executor: Executor): Promise<LiveSettings> {
  const server = await executor.rows<{ name: string; value: string }>(SERVER_SETTINGS)
  const roles = withoutNulls(await executor.rows<LiveSettings['roles'][number]>(ROLE_SETTINGS))
  return { server: Object.fromEntries(server.map(({ name, value }) => [name, value])), roles }
}

/** @throws DatabaseError when the role sees no statistics of any column: empty would look like "no bloat". */
export async function readFromStatistics<T extends object>(executor: Executor, sql: string): Promise<T[]> {
  const { seen, analyzed } = one(await executor.rows<{ seen: boolean; analyzed: boolean }>(STATISTICS_SEEN))
  if (!seen && analyzed) {
    throw new DatabaseError('the role sees no column statistics: PostgreSQL shows them only with SELECT on the tables')
  }
  return withoutNulls(await executor.rows<T>(sql))
}

function one<T>(rows: T[]): T {
  const [row] = rows
  if (!row) throw new DatabaseError('the server gave no answer')
  return row
}
