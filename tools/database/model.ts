import type { Gathered } from '../gathered.ts'
import type { SchemaModel } from '../schema/model.ts'

/**
 * What a running database says about itself. Aggregate statistics and definitions only: no row of the app is read, query
 * texts come without literals and comments, and neither URL, host nor password is in here.
 * Sizes in bytes, times in milliseconds unless named otherwise, instants as ISO 8601 in UTC.
 */
export interface LiveDatabase {
  overview: LiveOverview
  tables: Gathered<LiveTable[]>
  indexes: Gathered<LiveIndex[]>
  cache: Gathered<LiveCache>
  connections: Gathered<LiveConnections>
  blocking: Gathered<LiveBlocking[]>
  longRunning: Gathered<LiveActivity[]>
  locks: Gathered<LiveLock[]>
  roles: Gathered<LiveRole[]>
  statements: Gathered<LiveStatements>
  bloat: Gathered<LiveBloat[]>
  sequences: Gathered<LiveSequence[]>
  wraparound: Gathered<LiveWraparound>
  replication: Gathered<LiveReplicationSlot[]>
  columnStatistics: Gathered<LiveColumnStatistics[]>
  settings: Gathered<LiveSettings>
  /** The live schema, from the same catalog queries as the shadow's. */
  schema: Gathered<SchemaModel>
}

export interface LiveOverview {
  /** "17.6". */
  version: string
  major: number
  /** Since when the counters count; undefined when they were never reset. */
  statisticsSince?: string
  /** Days that the counters cover; a counter of zero means little when this is small. */
  statisticsDays: number
  databaseBytes: number
  /** Connected to a read replica: its index counters are its own. */
  replica: boolean
  /** How we are connected. */
  via: 'connection' | 'management-api'
  /** True when the role may write and was allowed all the same. */
  privileged: boolean
}

export interface LiveTable {
  schema: string
  name: string
  /** Planner's estimate, −1 when the table was never analyzed. */
  rows: number
  deadRows: number
  modifiedSinceAnalyze: number
  tableBytes: number
  indexBytes: number
  toastBytes: number
  totalBytes: number
  sequentialScans: number
  sequentialRowsRead: number
  indexScans: number
  inserts: number
  updates: number
  hotUpdates: number
  deletes: number
  lastVacuum?: string
  lastAnalyze?: string
  /** Dead rows at which autovacuum starts on this table. */
  vacuumThreshold: number
}

export interface LiveIndex {
  schema: string
  table: string
  name: string
  scans: number
  rowsRead: number
  bytes: number
  unique: boolean
  primary: boolean
  /** Backs a constraint, so it is needed even when never scanned. */
  constraint: boolean
  valid: boolean
  definition: string
  lastScan?: string
}

export interface LiveCache {
  /** 0..1; undefined when nothing was read yet. */
  tableHitRatio?: number
  indexHitRatio?: number
}

export interface LiveConnections {
  maximum: number
  reserved: number
  used: number
  /** By role and state, most first. */
  groups: { role: string; state: string; application: string; count: number; oldestSeconds: number }[]
  idleInTransaction: { count: number; oldestSeconds: number }
}

export interface LiveActivity {
  pid: number
  role: string
  seconds: number
  state: string
  waitEvent?: string
  query: string
}

/** A lock on a table that keeps others from it, or one that somebody waits for. */
export interface LiveLock {
  pid: number
  role: string
  /** "schema.table"; absent for locks on transactions and rows. */
  relation?: string
  /** As pg_locks names it: "AccessExclusiveLock"… */
  mode: string
  granted: boolean
  /** Since the transaction began. */
  seconds: number
  query: string
}

export interface LiveRole {
  role: string
  connections: number
  active: number
  /** CONNECTION LIMIT of the role; absent when it has none. */
  limit?: number
}

export interface LiveBlocking {
  blocked: { pid: number; role: string; seconds: number; query: string }
  blocking: { pid: number; role: string; seconds: number; state: string; query: string }
}

export interface LiveStatements {
  since?: string
  /** Execution time of all statements, for shares. */
  totalMs: number
  totalCalls: number
  /** Statements evicted because the table was full: rare ones may be missing. */
  evictions: number
  /** The costliest by total time and the most called, at most 150 together. */
  top: LiveStatement[]
}

export interface LiveStatement {
  /** As text: it is a 64-bit number. */
  queryId: string
  role: string
  query: string
  calls: number
  totalMs: number
  meanMs: number
  maxMs: number
  stddevMs: number
  rows: number
  /** 0..1 of shared blocks found in memory; undefined when none were touched. */
  hitRatio?: number
  sharedBlocksRead: number
  temporaryBlocksWritten: number
}

export interface LiveBloat {
  schema: string
  name: string
  /** Estimated from the planner's statistics; good to about a fifth. */
  wastedBytes: number
  /** Real size over expected size. */
  ratio: number
}

export interface LiveSequence {
  schema: string
  name: string
  /** Column it feeds. */
  table?: string
  column?: string
  columnType?: string
  lastValue: number
  /** Largest value that sequence and column both hold. */
  limit: number
  /** 0..1. */
  used: number
}

export interface LiveWraparound {
  databaseAge: number
  /** Age at which autovacuum starts to force its way. */
  freezeMaxAge: number
  tables: { schema: string; name: string; age: number }[]
}

export interface LiveReplicationSlot {
  name: string
  active: boolean
  /** Write-ahead log kept for it. */
  retainedBytes: number
  status: string
}

export interface LiveColumnStatistics {
  schema: string
  table: string
  column: string
  nullFraction: number
  /** As pg_stats gives it: negative is a fraction of the rows. */
  distinct: number
  averageWidth: number
  correlation?: number
}

export interface LiveSettings {
  /** Server settings by name, as PostgreSQL prints them. */
  server: Record<string, string>
  /** Settings stored for roles or this database, e.g. statement_timeout of anon. */
  roles: { role?: string; setting: string; value: string }[]
}
