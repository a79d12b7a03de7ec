import { age, bytes, percent } from '../../reports/databaseview.ts'
import type { StatsColumn, StatsSection } from '../../reports/stats.ts'
import { thousands } from '../../reports/text.ts'
import type { LiveDatabase, LiveIndex, LiveStatement, LiveTable } from '../../tools/database/model.ts'
import type { Gathered } from '../../tools/gathered.ts'
import { PLATFORM_SCHEMAS } from '../../tools/schema/platform.ts'

/** A section before it meets a database: what it takes from it, and how a row of that is shown. */
interface Definition<T> {
  id: string
  title: string
  about: string
  empty: string
  from: (live: LiveDatabase) => Gathered<T[]>
  columns: [name: string, align: StatsColumn['align'], cell: (row: T, rows: readonly T[]) => string][]
}

export interface StatsRows {
  id: string
  rows: Gathered<unknown[]>
  section: StatsSection
}

/** All sections in the order of the page. */
export function statsSections(live: LiveDatabase): StatsRows[] {
  return DEFINITIONS.map(section => section(live))
}

function define<T>({ id, title, about, empty, from, columns }: Definition<T>): (live: LiveDatabase) => StatsRows {
  return live => {
    const rows = from(live)
    const shown = rows.status === 'ran' ? rows.value : []
    const section: StatsSection = {
      id,
      title,
      about,
      empty,
      columns: columns.map(([name, align]) => ({ name, align })),
      rows: shown.map(row => columns.map(([, , cell]) => cell(row, shown))),
      ...(rows.status === 'ran' ? {} : { unread: rows.status === 'failed' ? rows.error : rows.reason }),
    }
    return { id, rows, section }
  }
}

function named({ schema, name }: { schema: string; name: string }): string {
  return schema === 'public' ? name : `${schema}.${name}`
}

function milliseconds(ms: number): string {
  if (ms >= 3_600_000) return `${(ms / 3_600_000).toFixed(1)} h`
  if (ms >= 60_000) return `${(ms / 60_000).toFixed(1)} min`
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`
}

const seconds = (value: number): string => milliseconds(value * 1000)
const number = (value: number): string => thousands(Math.round(value))
const rowsOf = (value: number): string => (value < 0 ? 'not known' : number(value))
const day = (instant: string | undefined): string => (instant ? instant.slice(0, 10) : 'never')
const ratio = (part: number, whole: number): string => (whole > 0 ? percent(part / whole) : '–')

function mapped<T, U>(gathered: Gathered<T>, map: (value: T) => U[]): Gathered<U[]> {
  return gathered.status === 'ran' ? { ...gathered, value: map(gathered.value) } : gathered
}

/** Sorted copies, largest first. */
function by<T>(size: (row: T) => number): (rows: readonly T[]) => T[] {
  return rows => [...rows].sort((a, b) => size(b) - size(a))
}

interface Share extends LiveStatement {
  share: number
}

function statements(order: (row: LiveStatement) => number): (live: LiveDatabase) => Gathered<Share[]> {
  return live =>
    mapped(live.statements, ({ top, totalMs }) =>
      by(order)(top).map(row => ({ ...row, share: totalMs > 0 ? row.totalMs / totalMs : 0 })),
    )
}

const STATEMENT_COLUMNS: Definition<Share>['columns'] = [
  ['share', 'right', row => `${(row.share * 100).toFixed(1)} %`],
  ['total', 'right', row => milliseconds(row.totalMs)],
  ['mean', 'right', row => milliseconds(row.meanMs)],
  ['calls', 'right', row => number(row.calls)],
  ['rows', 'right', row => number(row.rows)],
  ['role', 'left', row => row.role],
  ['statement', 'rest', row => row.query],
]

/** Indexes that nothing has read: those that enforce something are needed all the same, those of the platform are its own. */
function unused(rows: readonly LiveIndex[]): LiveIndex[] {
  const own = rows.filter(({ schema }) => !PLATFORM_SCHEMAS.includes(schema))
  return own.filter(row => !row.valid || (row.scans === 0 && !row.unique && !row.primary && !row.constraint))
}

function asSections(...definitions: ((live: LiveDatabase) => StatsRows)[]): ((live: LiveDatabase) => StatsRows)[] {
  return definitions
}

const DEFINITIONS = asSections(
  define({
    id: 'cache-hit',
    title: 'Cache hits',
    about: 'Share of blocks found in memory; below 99 % the working set no longer fits.',
    empty: 'Nothing was read yet.',
    from: ({ cache }) =>
      mapped(cache, ({ tableHitRatio, indexHitRatio }) => [
        { what: 'tables', ratio: tableHitRatio },
        { what: 'indexes', ratio: indexHitRatio },
      ]),
    columns: [
      ['of', 'left', ({ what }) => what],
      ['found in memory', 'right', row => (row.ratio === undefined ? '–' : percent(row.ratio))],
    ],
  }),
  define({
    id: 'outliers',
    title: 'Statements that take most time',
    about: 'Share of the execution time of all statements (pg_stat_statements).',
    empty: 'No statement was recorded yet.',
    from: statements(row => row.totalMs),
    columns: STATEMENT_COLUMNS,
  }),
  define({
    id: 'calls',
    title: 'Statements called most often',
    about: 'A statement that runs once for each row of another one shows up here.',
    empty: 'No statement was recorded yet.',
    from: statements(row => row.calls),
    columns: STATEMENT_COLUMNS,
  }),
  define({
    id: 'long-running',
    title: 'Running for more than 5 seconds',
    about: 'At this moment; `idle in transaction` holds its locks while doing nothing.',
    empty: 'Nothing runs for more than 5 seconds at this moment.',
    from: ({ longRunning }) => longRunning,
    columns: [
      ['pid', 'right', row => String(row.pid)],
      ['for', 'right', row => seconds(row.seconds)],
      ['state', 'left', row => row.state],
      ['waits for', 'left', row => row.waitEvent ?? ''],
      ['role', 'left', row => row.role],
      ['statement', 'rest', row => row.query],
    ],
  }),
  define({
    id: 'blocking',
    title: 'Blocked by others',
    about: 'Who waits for a lock at this moment, and who holds it.',
    empty: 'Nobody waits for a lock at this moment.',
    from: ({ blocking }) => blocking,
    columns: [
      ['waits', 'right', ({ blocked }) => String(blocked.pid)],
      ['for', 'right', ({ blocked }) => seconds(blocked.seconds)],
      ['held by', 'right', ({ blocking }) => String(blocking.pid)],
      ['state', 'left', ({ blocking }) => blocking.state],
      ['role', 'left', ({ blocking }) => blocking.role],
      ['waiting statement', 'rest', ({ blocked }) => blocked.query],
    ],
  }),
  define({
    id: 'locks',
    title: 'Locks that keep others out',
    about: 'Held or waited for at this moment; ordinary reads and writes are left out.',
    empty: 'No such lock at this moment.',
    from: ({ locks }) => locks,
    columns: [
      ['pid', 'right', row => String(row.pid)],
      ['for', 'right', row => seconds(row.seconds)],
      ['lock', 'left', row => `${row.mode}${row.granted ? '' : ' (waits)'}`],
      ['on', 'left', row => row.relation ?? ''],
      ['role', 'left', row => row.role],
      ['statement', 'rest', row => row.query],
    ],
  }),
  define({
    id: 'role-connections',
    title: 'Connections by role',
    about: 'Connections at this moment, ours left out, and the limit of the role where it has one.',
    empty: 'Nobody but us is connected.',
    from: ({ roles }) => roles,
    columns: [
      ['role', 'left', row => row.role],
      ['connections', 'right', row => number(row.connections)],
      ['active', 'right', row => number(row.active)],
      ['limit', 'right', row => (row.limit === undefined ? '' : number(row.limit))],
    ],
  }),
  define({
    id: 'connections',
    title: 'Connections by state',
    about: 'Idle for long in a transaction: locks and dead rows stay as long.',
    empty: 'Nobody but us is connected.',
    from: ({ connections }) => mapped(connections, ({ groups }) => groups),
    columns: [
      ['role', 'left', row => row.role],
      ['state', 'left', row => row.state],
      ['application', 'left', row => row.application],
      ['connections', 'right', row => number(row.count)],
      ['oldest in state', 'right', row => seconds(row.oldestSeconds)],
    ],
  }),
  define({
    id: 'table-sizes',
    title: 'Table sizes',
    about: 'Rows are the estimate of the planner.',
    empty: 'There are no tables.',
    from: ({ tables }) =>
      mapped(
        tables,
        by<LiveTable>(row => row.totalBytes),
      ),
    columns: [
      ['table', 'left', named],
      ['rows', 'right', row => rowsOf(row.rows)],
      ['table size', 'right', row => bytes(row.tableBytes)],
      ['toast', 'right', row => bytes(row.toastBytes)],
      ['indexes', 'right', row => bytes(row.indexBytes)],
      ['total', 'right', row => bytes(row.totalBytes)],
    ],
  }),
  define({
    id: 'seq-scans',
    title: 'Sequential scans',
    about: 'Rows read by scanning whole tables; many rows for each scan of a large table ask for an index.',
    empty: 'No table was scanned.',
    from: ({ tables }) =>
      mapped(tables, rows => by<LiveTable>(row => row.sequentialRowsRead)(rows).filter(row => row.sequentialScans > 0)),
    columns: [
      ['table', 'left', named],
      ['rows', 'right', row => rowsOf(row.rows)],
      ['scans', 'right', row => number(row.sequentialScans)],
      ['rows read', 'right', row => number(row.sequentialRowsRead)],
      ['rows each', 'right', row => number(row.sequentialRowsRead / row.sequentialScans)],
      ['by index', 'right', row => ratio(row.indexScans, row.indexScans + row.sequentialScans)],
    ],
  }),
  define({
    id: 'index-usage',
    title: 'Index usage by table',
    about: 'Share of scans that went through an index; small tables are rightly read whole.',
    empty: 'No table was read.',
    from: ({ tables }) =>
      mapped(tables, rows =>
        by<LiveTable>(row => row.rows)(rows).filter(row => row.indexScans + row.sequentialScans > 0),
      ),
    columns: [
      ['table', 'left', named],
      ['rows', 'right', row => rowsOf(row.rows)],
      ['by index', 'right', row => ratio(row.indexScans, row.indexScans + row.sequentialScans)],
      ['index scans', 'right', row => number(row.indexScans)],
    ],
  }),
  define({
    id: 'index-sizes',
    title: 'Index sizes',
    about: 'Scans since the statistics began.',
    empty: 'There are no indexes.',
    from: ({ indexes }) =>
      mapped(
        indexes,
        by<LiveIndex>(row => row.bytes),
      ),
    columns: [
      ['index', 'left', named],
      ['table', 'left', row => row.table],
      ['size', 'right', row => bytes(row.bytes)],
      ['scans', 'right', row => number(row.scans)],
      ['last scan', 'right', row => (row.scans === 0 ? 'never' : row.lastScan ? day(row.lastScan) : '')],
    ],
  }),
  define({
    id: 'unused-indexes',
    title: 'Unused indexes',
    about:
      'Not scanned since the statistics began, and not needed by a constraint. Young statistics and read replicas deceive: ask them as well before dropping one.',
    empty: 'Every index is used or enforces something.',
    from: ({ indexes }) => mapped(indexes, unused),
    columns: [
      ['index', 'left', named],
      ['table', 'left', row => row.table],
      ['size', 'right', row => bytes(row.bytes)],
      ['note', 'left', row => (row.valid ? '' : 'not valid: its build failed')],
    ],
  }),
  define({
    id: 'vacuum',
    title: 'Vacuum',
    about:
      'Dead rows against the number at which autovacuum starts; changes since the last ANALYZE mislead the planner.',
    empty: 'There are no tables.',
    from: ({ tables }) =>
      mapped(
        tables,
        by<LiveTable>(row => row.deadRows / Math.max(row.vacuumThreshold, 1)),
      ),
    columns: [
      ['table', 'left', named],
      ['rows', 'right', row => rowsOf(row.rows)],
      ['dead', 'right', row => number(row.deadRows)],
      ['starts at', 'right', row => number(row.vacuumThreshold)],
      ['vacuumed', 'right', row => day(row.lastVacuum)],
      ['analyzed', 'right', row => day(row.lastAnalyze)],
      ['changed since', 'right', row => number(row.modifiedSinceAnalyze)],
    ],
  }),
  define({
    id: 'bloat',
    title: 'Bloat',
    about:
      'Space beyond what the rows should take, estimated from the statistics of the planner; good to about a fifth.',
    empty: 'No table is large enough to tell.',
    from: ({ bloat }) => bloat,
    columns: [
      ['table', 'left', named],
      ['wasted', 'right', row => bytes(row.wastedBytes)],
      ['of expected size', 'right', row => `${Math.round(row.ratio * 100)} %`],
    ],
  }),
  define({
    id: 'sequences',
    title: 'Sequences',
    about: 'How much of the numbers is used up; at 100 % inserts fail.',
    empty: 'No sequence was used yet.',
    from: ({ sequences }) => sequences,
    columns: [
      ['sequence', 'left', named],
      ['column', 'left', row => (row.table ? `${row.table}.${row.column}` : '')],
      ['type', 'left', row => row.columnType ?? ''],
      ['last value', 'right', row => number(row.lastValue)],
      ['used', 'right', row => percent(row.used)],
    ],
  }),
  define({
    id: 'wraparound',
    title: 'Transaction ids',
    about: 'Age of the oldest rows; at 100 % of the limit autovacuum forces its way, at 2 billion the database stops.',
    empty: '',
    from: ({ wraparound }) =>
      mapped(wraparound, ({ databaseAge, freezeMaxAge, tables }) => [
        { what: 'database', age: databaseAge, freezeMaxAge },
        ...tables.map(row => ({ what: named(row), age: row.age, freezeMaxAge })),
      ]),
    columns: [
      ['of', 'left', row => row.what],
      ['transactions', 'right', row => number(row.age)],
      ['of the limit', 'right', row => percent(row.age / row.freezeMaxAge)],
    ],
  }),
  define({
    id: 'replication-slots',
    title: 'Replication slots',
    about: 'A slot that nobody reads keeps the write-ahead log until the disk is full.',
    empty: 'There are none.',
    from: ({ replication }) => replication,
    columns: [
      ['slot', 'left', row => row.name],
      ['active', 'left', row => (row.active ? 'yes' : 'no')],
      ['keeps', 'right', row => bytes(row.retainedBytes)],
      ['state', 'left', row => row.status],
    ],
  }),
  define({
    id: 'settings',
    title: 'Settings',
    about: 'Of the server, of this database and of roles.',
    empty: '',
    from: ({ settings }) =>
      mapped(settings, ({ server, roles }) => [
        ...Object.entries(server).map(([setting, value]) => ({ scope: 'server', setting, value })),
        ...roles.map(({ role, setting, value }) => ({ scope: role ?? 'database', setting, value })),
      ]),
    columns: [
      ['of', 'left', row => row.scope],
      ['setting', 'left', row => row.setting],
      ['value', 'rest', row => row.value],
    ],
  }),
)

export function statsFacts({ overview, connections }: LiveDatabase): string[] {
  const { statisticsSince, statisticsDays } = overview
  const used =
    connections.status === 'ran' ? [`${connections.value.used} of ${connections.value.maximum} connections in use`] : []
  return [
    [`PostgreSQL ${overview.version}`, bytes(overview.databaseBytes), ...used].join(', '),
    `Statistics of ${age(statisticsDays)}${statisticsSince ? `, since ${statisticsSince.slice(0, 16).replace('T', ' ')} UTC` : ''}: a counter of zero means little when they are young.`,
    ...(overview.replica ? ['This is a read replica: its counters are its own.'] : []),
    ...(overview.privileged ? ['Asked with a role that can write, in read-only transactions.'] : []),
  ]
}
