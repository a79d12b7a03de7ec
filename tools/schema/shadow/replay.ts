import type { Client } from 'pg'
import type { SourceLocation } from '../../gathered.ts'
import type { SchemaMigration } from '../model.ts'
import type { ParsedStatement, ScriptItem } from '../sql/parse.ts'
import type { SourceText } from '../sql/text.ts'
import { type Cause, causeOf, createMissing, isOurs, type Missing, type ReplayFailure } from './failures.ts'
import { execute, type SqlFailure } from './query.ts'
import { headline, type Planned, planItem } from './statements.ts'
import type { Watchdog } from './watchdog.ts'

/** A migration file, parsed. */
export interface ReplayScript {
  migration: SchemaMigration
  source: SourceText
  items: ScriptItem[]
}

export interface ReplayedFile {
  file: string
  version: string
  statements: number
  /** Statements that ran or that need no running here. */
  applied: number
  /** The file ran as one transaction, as the migration tool runs it. */
  clean: boolean
  ms: number
}

export interface ReplayReport {
  files: ReplayedFile[]
  statements: number
  applied: number
  failures: ReplayFailure[]
  /** Statements that were not done here nor would be there, each with the reason. */
  refused: { location: SourceLocation; why: string }[]
  /** Version numbers that more than one file has. */
  duplicateVersions: { version: string; files: string[] }[]
  /** Extensions that have no stand-in. */
  unknownExtensions: string[]
  ms: number
}

export interface ReplayConnection {
  /** Connection of the role that migrations run as. */
  client: Client
  watchdog: Watchdog
}

interface ReplayContext {
  parser: Parameters<Missing['failed']>[2]
  missing: Missing
  knownExtensions: Set<string>
  unknown: Set<string>
  report: ReplayReport
  /** A fresh connection: the watchdog ends the old one together with what ran on it. */
  reconnect(): Promise<ReplayConnection>
  connection: ReplayConnection
}

/**
 * Replays scripts in order. Each file first as one transaction, as the migration tool would; when that fails, statement
 * by statement, so that one bug of the app does not hide the rest of its schema.
 */
export async function replay(
  scripts: ReplayScript[],
  parser: ReplayContext['parser'],
  connect: () => Promise<ReplayConnection>,
  knownExtensions: Set<string>,
  signal?: AbortSignal,
): Promise<ReplayReport> {
  const started = performance.now()
  const report: ReplayReport = {
    files: [],
    statements: 0,
    applied: 0,
    failures: [],
    refused: [],
    duplicateVersions: duplicateVersions(scripts.map(({ migration }) => migration)),
    unknownExtensions: [],
    ms: 0,
  }
  const context: ReplayContext = {
    parser,
    missing: createMissing(),
    knownExtensions,
    unknown: new Set(),
    report,
    reconnect: connect,
    connection: await connect(),
  }
  try {
    for (const script of scripts) {
      signal?.throwIfAborted()
      await replayFile(context, script)
    }
  } finally {
    await context.connection.client.end().catch(() => {})
  }
  report.unknownExtensions = [...context.unknown]
  report.ms = performance.now() - started
  return report
}

async function replayFile(context: ReplayContext, script: ReplayScript): Promise<void> {
  const started = performance.now()
  const planned = script.items.map(item => ({ item, plan: planItem(item) }))
  const { report } = context
  let applied = 0
  const whole = planned.flatMap(({ plan }) => (plan.action === 'run' ? [plan.sql] : []))
  const broken = planned.some(({ plan }) => plan.action === 'broken')
  await run(context, 'discard all')
  // The line end closes a trailing comment; the semicolon is not part of a statement's text.
  const failure = whole.length > 0 && !broken ? await run(context, whole.join('\n;\n')) : undefined
  const clean = !broken && failure === undefined
  for (const { item, plan } of planned) {
    if (plan.action === 'refuse') report.refused.push({ location: locationOf(item), why: plan.why })
    noteExtension(context, item)
  }
  if (clean) applied = planned.filter(({ plan }) => plan.action !== 'refuse').length
  else applied = await replayStatements(context, planned, failure)
  report.files.push({
    file: script.migration.file,
    version: script.migration.version,
    statements: planned.length,
    applied,
    clean,
    ms: performance.now() - started,
  })
  report.statements += planned.length
  report.applied += applied
}

async function replayStatements(
  context: ReplayContext,
  planned: { item: ScriptItem; plan: Planned }[],
  whole: SqlFailure | undefined,
): Promise<number> {
  const { report } = context
  const before = report.failures.length
  let applied = 0
  await run(context, 'discard all')
  for (const { item, plan } of planned) {
    if (plan.action === 'refuse') continue
    if (plan.action === 'skip') applied++
    else if (plan.action === 'broken') addFailure(context, item, { code: '42601', message: plan.error })
    else {
      const failure = await run(context, plan.sql)
      if (failure) addFailure(context, item, failure)
      else applied++
    }
  }
  // Statement by statement everything went: the fault lies in running them together.
  if (whole && report.failures.length === before) {
    const at = planned.find(({ item }) => mentions(item, whole))?.item ?? planned[0]?.item
    if (at) report.failures.push({ ...describe(context, at, whole), recovered: true })
  }
  return applied
}

/** Runs text under guard; a connection that was ended is replaced. */
async function run(context: ReplayContext, sql: string): Promise<SqlFailure | undefined> {
  const { client, watchdog } = context.connection
  const { value: failure, ended } = await watchdog.guard(execute(client, sql))
  if (!ended && !failure?.code.startsWith('57P') && !failure?.code.startsWith('08')) return failure
  client.end().catch(() => {})
  context.connection = await context.reconnect()
  return ended ? { code: '57014', message: `ended: ${ended}` } : failure
}

function addFailure(context: ReplayContext, item: ScriptItem, failure: SqlFailure): void {
  const described = describe(context, item, failure)
  context.report.failures.push(described)
  const location = described.because ?? described.location
  context.missing.absent(failure, location)
  if ('node' in item) context.missing.failed(item, location, context.parser)
}

function describe(context: ReplayContext, item: ScriptItem, failure: SqlFailure): ReplayFailure {
  const because = context.missing.rootOf(failure)
  const cause: Cause = causeOf(failure)
  return {
    location: { ...locationOf(item), endLine: item.source.line(item.start + item.sql.length) },
    statement: headline(item.sql),
    code: failure.code,
    message: failure.message,
    cause,
    ...(because && { because }),
    ours: isOurs(failure, cause, context.unknown, item.sql),
  }
}

function noteExtension(context: ReplayContext, item: ScriptItem): void {
  if (!('node' in item) || !('CreateExtensionStmt' in item.node)) return
  const name = item.node.CreateExtensionStmt.extname
  if (name && !context.knownExtensions.has(name)) context.unknown.add(name)
}

function mentions(item: ScriptItem, failure: SqlFailure): item is ParsedStatement {
  const names = [...failure.message.matchAll(/"([^"]+)"/g)].map(match => match[1]!)
  return names.some(name => item.sql.includes(name))
}

function locationOf(item: ScriptItem): SourceLocation {
  return { file: item.source.file, line: item.source.line(item.start) }
}

/** Two files with one version: the migration tool can record only one of them. Of no meaning without versions. */
export function duplicateVersions(migrations: SchemaMigration[]): { version: string; files: string[] }[] {
  const groups = new Map<string, string[]>()
  for (const { version, file, tool } of migrations) {
    if (version === '' || tool === 'drizzle') continue
    groups.set(version, [...(groups.get(version) ?? []), file])
  }
  return [...groups].filter(([, files]) => files.length > 1).map(([version, files]) => ({ version, files }))
}
