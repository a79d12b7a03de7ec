import { migrationsFor } from '../../tools/migrations/index.ts'
import type { MigrationRequest, WrittenMigrations } from '../../tools/migrations/model.ts'
import type { Change, FixOutcome } from '../../tools/workspace/change.ts'
import { changeKey } from '../../tools/workspace/key.ts'
import type { Finding } from '../finding.ts'
import type { FixInput } from '../playbook.ts'

/** How fixes put a change together: the words that all of them share. */

/** At most this long, as git and GitHub show it in one line. */
const MAX_TITLE = 72

export interface ChangeParts {
  /** What the change is about, for its stable key. */
  object: string
  title: string
  /** First paragraph of the summary: what is changed. What was proven follows by itself. */
  what: string
  files: Record<string, string | null>
  migrations?: Change['migrations']
  rollback?: string
  security: string
  verify: string[]
  notVerified?: string[]
}

export function changeFor(finding: Finding, parts: ChangeParts): FixOutcome {
  return {
    change: {
      playbook: finding.playbook,
      key: changeKey(finding.playbook, parts.object),
      findings: [finding.key],
      title: shorten(parts.title),
      summary: `${parts.what}\n\n${proof(finding)}`,
      files: parts.files,
      migrations: parts.migrations ?? [],
      rollback: parts.rollback ?? 'Revert the commit and deploy.',
      security: parts.security,
      verify: parts.verify,
      notVerified: parts.notVerified ?? [],
    },
  }
}

/** What the finding showed, with its places. */
export function proof({ title, location, evidence, routes }: Finding): string {
  const lines = [
    `- ${title} (\`${location.file}:${location.line}\`)`,
    // The proposal of the finding is what the change is.
    ...evidence
      .filter(({ text }) => !text.startsWith('an index that serves it'))
      .map(({ text, location: at }) => `- ${text}${at ? ` (\`${at.file}:${at.line}\`)` : ''}`),
    ...(routes.length > 0 ? [`- reached by ${listed(routes.map(route => `\`${route}\``))}`] : []),
  ]
  return lines.join('\n')
}

/** At most five names, then how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

function shorten(title: string): string {
  return title.length <= MAX_TITLE ? title : `${title.slice(0, MAX_TITLE - 1).trimEnd()}…`
}

/** The same for a change that is migrations alone; declined when the writer declines. */
export function migrationChange(
  finding: Finding,
  input: FixInput,
  requests: readonly MigrationRequest[],
  parts: (written: WrittenMigrations) => Omit<ChangeParts, 'files' | 'migrations' | 'rollback'>,
): FixOutcome {
  const { schema, now, taken, source } = input
  if (!schema) return { declined: 'the database schema is not known' }
  if (schema.source !== 'migrations')
    return { declined: `the schema is read from ${SOURCES[schema.source]}: there are no migrations to add one to` }
  const written = migrationsFor(requests, { schema, now, taken, source })
  if ('declined' in written) return written
  const own = parts(written)
  return changeFor(finding, {
    ...own,
    files: written.files,
    migrations: written.migrations,
    rollback: written.rollback,
    notVerified: [...(own.notVerified ?? []), ...written.notes],
  })
}

const SOURCES = {
  migrations: 'migrations',
  'schema-files': 'schema files',
  'generated-types': 'generated types',
  prisma: 'a Prisma schema',
  drizzle: 'Drizzle tables',
}
