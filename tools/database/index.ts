import type { Gathered } from '../gathered.ts'
import { readCatalogRows } from '../schema/shadow/catalog/read.ts'
import { type ConnectionTimeouts, connect, parseUrl } from './connection.ts'
import { DatabaseError, type Executor, isDatabaseError } from './executor.ts'
import { type ManagementOptions, managementApi } from './management.ts'
import type {
  LiveBloat,
  LiveCache,
  LiveColumnStatistics,
  LiveDatabase,
  LiveIndex,
  LiveReplicationSlot,
  LiveRole,
  LiveTable,
} from './model.ts'
import { readRights, refusal } from './privileges.ts'
import { BLOAT, CACHE, COLUMN_STATISTICS, indexesQuery, REPLICATION, ROLES, TABLES } from './queries.ts'
import {
  readBlocking,
  readConnections,
  readFromStatistics,
  readLocks,
  readLongRunning,
  readOverview,
  readSequences,
  readSettings,
  readStatements,
  readWraparound,
  withoutNulls,
} from './sections.ts'

export interface LiveOptions {
  /** postgresql:// URL; else the Management API is used. */
  url?: string
  management?: ManagementOptions
  /** Go on with a role that can write. The session is read-only all the same. */
  allowPrivilegedRole?: boolean
  timeouts?: ConnectionTimeouts
  signal?: AbortSignal
}

/**
 * Statistics and definitions of a running database. Over one connection, one short read-only transaction per question; a
 * question that fails (permission, timeout, an extension that is not there) fails alone.
 * @returns `failed` when the database cannot be reached or the role can write, with text that holds no secret;
 * `skipped` when there is neither URL nor token.
 */
export async function readDatabase(options: LiveOptions): Promise<Gathered<LiveDatabase>> {
  const started = performance.now()
  let executor: Executor | undefined
  try {
    if (options.url !== undefined) executor = await connect(options.url, options.timeouts)
    else if (options.management) executor = managementApi({ signal: options.signal, ...options.management })
    else
      return { status: 'skipped', reason: 'no --db, SCALABILITY_DATABASE_URL, or SUPABASE_ACCESS_TOKEN with a project' }
    const value = await readAll(executor, options)
    return { status: 'ran', value, ms: performance.now() - started }
  } catch (error) {
    options.signal?.throwIfAborted()
    return { status: 'failed', error: messageOf(error, options) }
  } finally {
    await executor?.close()
  }
}

async function readAll(executor: Executor, options: LiveOptions): Promise<LiveDatabase> {
  // The Management API has a read-only role of its own; its rights are not ours to judge.
  const rights = executor.via === 'connection' ? await readRights(executor) : undefined
  const privileged = rights !== undefined && (rights.superuser || rights.writes.length > 0)
  if (privileged && !options.allowPrivilegedRole) throw new DatabaseError(refusal(rights))
  const overview = await readOverview(executor, privileged)
  const section = async <T>(read: () => Promise<T>): Promise<Gathered<T>> => {
    options.signal?.throwIfAborted()
    const started = performance.now()
    try {
      return { status: 'ran', value: await read(), ms: performance.now() - started }
    } catch (error) {
      return { status: 'failed', error: messageOf(error, options) }
    }
  }
  const rows = <T extends object>(sql: string) => section(async () => withoutNulls(await executor.rows<T>(sql)))
  return {
    overview,
    tables: await rows<LiveTable>(TABLES),
    indexes: await rows<LiveIndex>(indexesQuery(overview.major)),
    cache: await section(async () => withoutNulls(await executor.rows<LiveCache>(CACHE))[0] ?? {}),
    connections: await section(() => readConnections(executor)),
    blocking: await section(() => readBlocking(executor)),
    longRunning: await section(() => readLongRunning(executor)),
    locks: await section(() => readLocks(executor)),
    roles: await rows<LiveRole>(ROLES),
    statements: await section(() => readStatements(executor)),
    bloat: await section(() => readFromStatistics<LiveBloat>(executor, BLOAT)),
    sequences: await section(() => readSequences(executor)),
    wraparound: await section(() => readWraparound(executor)),
    replication: await rows<LiveReplicationSlot>(REPLICATION),
    columnStatistics: await section(() => readFromStatistics<LiveColumnStatistics>(executor, COLUMN_STATISTICS)),
    settings: await section(() => readSettings(executor)),
    schema: await section(async () => ({ ...(await readCatalogRows(executor.rows)), readFrom: 'live' as const })),
  }
}

/** Text of an error with the secrets of the options taken out once more: no path may leak them. */
function messageOf(error: unknown, options: LiveOptions): string {
  const text = error instanceof Error ? error.message : String(error)
  if (isDatabaseError(error) || options.url === undefined) return text
  try {
    return parseUrl(options.url).hide(text)
  } catch {
    return 'the database could not be read'
  }
}
