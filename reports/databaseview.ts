import type { Assessment } from './assessment.ts'
import type { DatabaseReport, DriftItem, LiveSection, ReplaySection } from './database.ts'
import { count, list, thousands } from './text.ts'

/** What the renderers say of the database: a few lines, the same words in all of them. Untrusted text is not escaped here. */
export interface DatabaseFact {
  label: 'Schema' | 'Live'
  text: string
}

export function databaseFacts({ database }: Pick<Assessment, 'database'>): DatabaseFact[] {
  if (!database) return []
  const schema = schemaFact(database)
  return [
    ...(schema ? [{ label: 'Schema' as const, text: schema }] : []),
    ...(database.live ? liveFacts(database.live).map(text => ({ label: 'Live' as const, text })) : []),
  ]
}

const SOURCES: Record<NonNullable<DatabaseReport['source']>, string> = {
  migrations: 'migrations',
  'schema-files': 'schema files',
  'generated-types': 'generated types',
  prisma: 'the Prisma schema',
  drizzle: 'Drizzle tables',
}

function schemaFact({ source, readFrom, replay }: DatabaseReport): string | undefined {
  if (readFrom === 'live') return 'that of the running database: the repository defines none'
  if (!source) return undefined
  if (!replay) return `read from ${SOURCES[source]}, without replaying them`
  const applied =
    replay.applied === replay.statements
      ? `all ${thousands(replay.statements)} statements applied`
      : `${thousands(replay.applied)} of ${thousands(replay.statements)} statements applied`
  const parts = [
    `${count(replay.files, 'file')} of ${SOURCES[source]} replayed on PostgreSQL ${replay.postgres}: ${applied}`,
    ...failureParts(replay),
  ]
  const doubles = replay.duplicateVersions.length
  if (doubles > 0)
    parts.push(`${count(doubles, 'version number')} ${doubles === 1 ? 'is' : 'are'} used by more than one file`)
  return parts.join('; ')
}

function failureParts({ rootFailures, cascades }: ReplaySection): string[] {
  const theirs = rootFailures.filter(({ standIn, recovered }) => !standIn && !recovered).length
  const ours = rootFailures.filter(({ standIn }) => standIn).length
  const together = rootFailures.filter(({ standIn, recovered }) => !standIn && recovered).length
  const parts = [
    ...(theirs > 0 ? [`${count(theirs, 'statement')} ${theirs === 1 ? 'fails' : 'fail'}`] : []),
    ...(ours > 0 ? [`${count(ours, 'statement')} ${ours === 1 ? 'needs' : 'need'} a real Supabase`] : []),
    ...(together > 0
      ? [`${count(together, 'file')} ${together === 1 ? 'runs' : 'run'} only statement by statement`]
      : []),
  ]
  if (cascades > 0)
    parts.push(`${thousands(cascades)} later ${cascades === 1 ? 'failure goes' : 'failures go'} back to those`)
  return parts
}

function liveFacts(live: LiveSection): string[] {
  const how = live.via === 'connection' ? '' : ', through the Management API'
  const what = [
    `PostgreSQL ${live.version}${live.replica ? ' (a read replica)' : ''}${how}`,
    bytes(live.databaseBytes),
    ...(live.tables === null ? [] : [count(live.tables, 'table')]),
    ...(live.connections ? [`${live.connections.used} of ${live.connections.maximum} connections in use`] : []),
    ...(live.tableHitRatio === null ? [] : [`${percent(live.tableHitRatio)} of table blocks found in memory`]),
  ]
  const facts = [what.join(', '), `statistics of ${age(live.statisticsDays)}${since(live.statisticsSince)}`]
  if (live.privileged)
    facts.push('asked with a role that can write (--allow-privileged-role), in read-only transactions')
  if (live.drift) {
    facts.push(
      live.drift.length === 0
        ? 'no difference from the schema of the files'
        : `${count(live.drift.length, 'difference')} from the schema of the files: ${driftKinds(live.drift)}`,
    )
  }
  if (live.unread.length > 0) facts.push(`could not be read: ${list(live.unread.map(({ section }) => section))}`)
  return facts
}

function since(instant: string | null): string {
  return instant ? ` (since ${instant.slice(0, 10)})` : ''
}

function driftKinds(drift: readonly DriftItem[]): string {
  const kinds = new Map<string, number>()
  for (const { kind } of drift) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return [...kinds].map(([kind, number]) => `${number} ${kind.replaceAll('-', ' ')}`).join(', ')
}

/** `index orders_customer of public.orders: only in the database`. */
export function driftLine({ kind, object, part, only, detail }: DriftItem): string {
  const what = part === undefined ? object : `${part} of ${object}`
  const where = { files: 'only in the files', live: 'only in the database', differs: 'differs' }[only]
  return `${kind.replaceAll('-', ' ')} ${what}: ${where}${detail ? ` (${detail})` : ''}`
}

/** 1024-based, as PostgreSQL prints sizes. */
export function bytes(number: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = number
  let unit = 0
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Never rounds up to 100 %. */
export function percent(ratio: number): string {
  const shown = Math.floor(ratio * 1000) / 10
  return `${ratio >= 1 ? 100 : shown} %`
}

export function age(days: number): string {
  if (days >= 2) return count(Math.floor(days), 'day')
  const hours = days * 24
  return hours >= 2 ? count(Math.floor(hours), 'hour') : count(Math.max(0, Math.floor(hours * 60)), 'minute')
}
