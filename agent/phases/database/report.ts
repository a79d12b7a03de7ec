import type { Evidence } from '../../../playbooks/playbook.ts'
import type { DatabaseReport, LiveSection, ReplaySection, RootFailure } from '../../../reports/database.ts'
import type { Problem } from '../../../tools/code/workspace.ts'
import { compareSchemas } from '../../../tools/database/drift.ts'
import type { LiveDatabase } from '../../../tools/database/model.ts'
import { type Gathered, type SourceLocation, whenRan } from '../../../tools/gathered.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { ReplayFailure } from '../../../tools/schema/shadow/failures.ts'
import type { Shadow } from '../../../tools/schema/shadow/index.ts'
import { maskSecrets } from '../../mask.ts'
import { compareText, oneLine } from '../../text.ts'

/** The section `database` of the assessment. The same whether the shadow started cold or warm. */
export function databaseReport({ schema, database }: Evidence, shadow: Gathered<Shadow>): DatabaseReport {
  const model = schema.status === 'ran' ? schema.value : undefined
  return {
    source: model && model.readFrom !== 'live' ? model.source : null,
    readFrom: model?.readFrom ?? null,
    replay: shadow.status === 'ran' ? replaySection(shadow.value) : null,
    live:
      database.status === 'ran' ? liveSection(database.value, model?.readFrom === 'live' ? undefined : model) : null,
    advice: database.status === 'failed' ? adviceOf(database.error) : null,
  }
}

function replaySection({ replay, major, notes }: Pick<Shadow, 'replay' | 'major' | 'notes'>): ReplaySection {
  const failures = replay.failures.filter(({ recovered }) => !recovered)
  return {
    postgres: major,
    files: replay.files.length,
    filesClean: replay.files.filter(({ clean }) => clean).length,
    statements: replay.statements,
    applied: replay.applied,
    failed: failures.length,
    cascades: failures.filter(({ because }) => because).length,
    rootFailures: rootFailures(replay.failures),
    refused: replay.refused.map(({ location, why }) => ({ file: location.file, line: location.line, why })),
    duplicateVersions: replay.duplicateVersions,
    notes: notes.map(note => oneLine(note)),
  }
}

/** Failures that no other explains, each with the number of those that it explains. */
function rootFailures(failures: readonly ReplayFailure[]): RootFailure[] {
  const followers = new Map<string, number>()
  for (const { because } of failures)
    if (because) followers.set(place(because), (followers.get(place(because)) ?? 0) + 1)
  const told = new Set<string>()
  return failures
    .filter(({ because }) => !because)
    .map((failure): RootFailure => {
      // Two failures on one line share what follows; it is counted once.
      const at = place(failure.location)
      const cascades = told.has(at) ? 0 : (followers.get(at) ?? 0)
      told.add(at)
      return {
        file: failure.location.file,
        line: failure.location.line,
        statement: clean(failure.statement),
        cause: failure.cause,
        code: failure.code,
        message: clean(failure.message),
        cascades,
        standIn: failure.ours,
        recovered: failure.recovered ?? false,
      }
    })
    .sort((a, b) => b.cascades - a.cascades || compareText(a.file, b.file) || a.line - b.line)
}

/** Migrations that do not run on an empty database, as problems of the app: what only follows from them is counted. */
export function replayProblems(report: DatabaseReport): Problem[] {
  return (report.replay?.rootFailures ?? [])
    .filter(({ standIn }) => !standIn)
    .map(({ file, line, message, cascades, recovered }) => ({
      file,
      line,
      message: recovered
        ? `does not run in one transaction, as migration tools run it: ${message}`
        : `does not run on a new database: ${message}${followed(cascades)}`,
    }))
}

function followed(cascades: number): string {
  if (cascades === 0) return ''
  return `; ${cascades} later ${cascades === 1 ? 'failure goes' : 'failures go'} back to it`
}

/** The lines after the first of an error say what would help. */
function adviceOf(error: string): string | null {
  const end = error.indexOf('\n')
  return end < 0 ? null : error.slice(end + 1)
}

function liveSection(live: LiveDatabase, files: SchemaModel | undefined): LiveSection {
  const { overview } = live
  const connections = whenRan(live.connections)
  const cache = whenRan(live.cache)
  const running = whenRan(live.schema)
  return {
    via: overview.via,
    version: overview.version,
    privileged: overview.privileged,
    replica: overview.replica,
    statisticsSince: overview.statisticsSince ?? null,
    statisticsDays: overview.statisticsDays,
    databaseBytes: overview.databaseBytes,
    connections: connections ? { used: connections.used, maximum: connections.maximum } : null,
    tableHitRatio: cache?.tableHitRatio ?? null,
    indexHitRatio: cache?.indexHitRatio ?? null,
    tables: whenRan(live.tables)?.length ?? null,
    statements: whenRan(live.statements)?.top.length ?? null,
    unread: Object.entries(live).flatMap(([section, part]: [string, LiveDatabase[keyof LiveDatabase]]) =>
      'status' in part && part.status !== 'ran'
        ? [{ section, why: oneLine(part.status === 'failed' ? part.error : part.reason) }]
        : [],
    ),
    drift: files && running ? compareSchemas(files, running) : null,
  }
}

function clean(text: string): string {
  return maskSecrets(oneLine(text, 300))
}

function place({ file, line }: SourceLocation): string {
  return `${file}:${line}`
}
