import { posix } from 'node:path'
import type { ChangeMigration } from '../workspace/change.ts'
import { journalFiles } from './drizzle.ts'
import { createIndex, dropIndex, findTable } from './indexes.ts'
import { type Layout, layoutOf, versions } from './layout.ts'
import type {
  MigrationContext,
  MigrationOutcome,
  MigrationRequest,
  Part,
  PartOutcome,
  WrittenMigrations,
} from './model.ts'
import { alterPolicy, mergePolicies } from './policies.ts'
import { withIndex } from './prisma.ts'
import { roleSetting, securityInvoker, setSearchPath } from './settings.ts'

/** How long a migration waits for a lock before it gives up: behind a waiting one every other query queues. */
const LOCK_TIMEOUT = '5s'

/** One request as migrations; see `migrationsFor`. */
export function migrationFor(request: MigrationRequest, context: MigrationContext): MigrationOutcome {
  return migrationsFor([request], context)
}

/**
 * Writes the migrations that do what is asked, up and down, for the tool and the folder that the repository uses. Pure: same input,
 * same files. What fits into a transaction shares one file; every index that is built concurrently has its own. One request that
 * cannot be written declines them all.
 */
export function migrationsFor(requests: readonly MigrationRequest[], context: MigrationContext): MigrationOutcome {
  const layout = layoutOf(context, definedIn(requests, context))
  if ('declined' in layout) return layout
  const taken = new Set<string>()
  const parts: Part[] = []
  for (const request of requests) {
    const part = partFor(request, context, taken)
    if ('declined' in part) return part
    parts.push(part)
  }
  if (parts.length === 0) return { declined: 'nothing was asked for' }
  return write(layout, parts, context)
}

function partFor(request: MigrationRequest, { schema }: MigrationContext, taken: Set<string>): PartOutcome {
  switch (request.kind) {
    case 'create-index':
      return createIndex(request, schema, taken)
    case 'drop-index':
      return dropIndex(request, schema)
    case 'alter-policy':
      return alterPolicy(request, schema)
    case 'merge-policies':
      return mergePolicies(request, schema)
    case 'set-search-path':
      return setSearchPath(request, schema)
    case 'security-invoker':
      return securityInvoker(request, schema)
    case 'role-setting':
      return roleSetting(request)
  }
}

/** Files that define what is changed: their folder is where the next migration belongs. */
function definedIn(requests: readonly MigrationRequest[], { schema }: MigrationContext): string[] {
  return requests.flatMap(request => {
    if ('table' in request) return findTable(schema, request.table)?.location.file ?? []
    if ('view' in request) return findTable(schema, request.view)?.location.file ?? []
    if (!('function' in request)) return []
    return schema.functions.filter(f => `${f.schema}.${f.name}` === request.function).map(f => f.location.file)
  })
}

/** Parts by the file that they go into. */
function filesOf(layout: Layout, parts: readonly Part[]): Part[][] {
  const together = parts.filter(part => layout.alwaysInTransaction || part.transactional)
  const alone = layout.alwaysInTransaction ? [] : parts.filter(part => !part.transactional)
  return [...(together.length > 0 ? [together] : []), ...alone.map(part => [part])]
}

function write(layout: Layout, parts: readonly Part[], context: MigrationContext): MigrationOutcome {
  const next = versions(layout, context)
  const files: Record<string, string> = {}
  const migrations: ChangeMigration[] = []
  const tags: string[] = []
  const groups = filesOf(layout, parts)
  for (const group of groups) {
    const own = group[0]?.slug ?? 'change'
    const slug = groups.length === 1 && context.name ? context.name : group.length > 1 ? `${own}_and_more` : own
    const tag = `${layout.numbering.prefix}${next()}${layout.numbering.separator}${slug}`
    const up = posix.join(layout.folder, layout.kind === 'folder' ? `${tag}/migration.sql` : `${tag}.sql`)
    const down = posix.join(layout.rollbacks, `${tag}.sql`)
    const transactional = layout.alwaysInTransaction || group.every(part => part.transactional)
    files[up] = upText(layout, group)
    files[down] = downText(layout, group, up)
    migrations.push({ up, down, transactional })
    tags.push(tag)
  }
  if (layout.kind === 'journal') {
    const journal = journalFiles(layout.folder, tags, context.now, context.source ?? (() => undefined))
    if ('declined' in journal) return journal
    Object.assign(files, journal.files)
  }
  const notes = [...parts.flatMap(part => part.notes), ...toolNotes(layout, parts)]
  if (layout.tool === 'prisma') notes.push(...declareInPrisma(layout, parts, files, context))
  const written: WrittenMigrations = { migrations, files, rollback: rollbackSteps(layout, migrations), notes }
  return written
}

function upText(layout: Layout, group: readonly Part[]): string {
  const comment = group.flatMap(part => (layout.alwaysInTransaction && part.creates ? byHand(part) : part.comment))
  const statements = group.flatMap(part => (layout.alwaysInTransaction && part.insideTransaction) || part.up)
  const locks = group.some(part => part.locks || (layout.alwaysInTransaction && !part.transactional))
  return script(layout, comment, locks ? bounded(statements) : statements)
}

/** The tool runs everything in a transaction: what must not be is done before, and the migration finds it done. */
function byHand(part: Part): string[] {
  return [
    'The tool runs this in a transaction, in which the build blocks writes to the table. On a big table run this first, by hand:',
    ...part.up.map(statement => `  ${statement};`),
    'The migration then finds the index and does nothing.',
  ]
}

function bounded(statements: readonly string[]): string[] {
  return [`set lock_timeout = '${LOCK_TIMEOUT}'`, ...statements, 'reset lock_timeout']
}

function downText(layout: Layout, group: readonly Part[], up: string): string {
  const transactional = layout.alwaysInTransaction || group.every(part => part.transactional)
  const comment = [
    `Takes back ${up}. Not a migration: run it by hand.`,
    transactional ? 'In one transaction: psql --single-transaction.' : 'Outside of a transaction.',
  ]
  const statements = group.toReversed().flatMap(part => part.down)
  const fitting = transactional ? statements.map(withoutConcurrently) : statements
  const locks = group.some(part => part.locks || part.creates)
  return script({ ...layout, kind: 'file' }, comment, transactional && locks ? bounded(fitting) : fitting)
}

/** Our own statements only: the word stands right behind the command. */
function withoutConcurrently(statement: string): string {
  return statement.replace(/^(create (?:unique )?index|drop index) concurrently /, '$1 ')
}

function script(layout: Layout, comment: readonly string[], statements: readonly string[]): string {
  const between = layout.kind === 'journal' ? ';--> statement-breakpoint\n' : ';\n'
  return `${comment.map(line => `-- ${line}\n`).join('')}${statements.join(between)};\n`
}

function toolNotes(layout: Layout, parts: readonly Part[]): string[] {
  const builds = parts.some(part => part.creates)
  if (!builds) return []
  if (layout.alwaysInTransaction) {
    return ['Drizzle runs migrations in a transaction: on a big table build the index by hand first, as the file says.']
  }
  if (layout.tool === 'supabase') {
    return [
      'The Supabase CLI runs CONCURRENTLY outside of its transaction from version 2.109 on; an older one refuses the file (SQLSTATE 25001).',
      'Hosted projects end a statement after two minutes: for a big table run the file by hand with `PGOPTIONS="-c statement_timeout=0" psql`; the migration then finds the index.',
    ]
  }
  return []
}

function declareInPrisma(
  layout: Layout,
  parts: readonly Part[],
  files: Record<string, string>,
  { source, taken }: MigrationContext,
): string[] {
  const paths = [
    ...new Set([posix.join(layout.folder, '../schema.prisma'), ...taken.filter(path => path.endsWith('.prisma'))]),
  ]
  return parts.flatMap(({ creates }) => {
    if (!creates) return []
    for (const path of paths) {
      const text = files[path] ?? source?.(path)
      const edited = text === undefined ? undefined : withIndex(text, creates)
      if (edited === undefined) continue
      files[path] = edited
      return []
    }
    return [
      `Add the index \`${creates.name}\` to the Prisma model as well: otherwise \`prisma migrate dev\` drops it as drift.`,
    ]
  })
}

function rollbackSteps(layout: Layout, migrations: readonly ChangeMigration[]): string {
  const steps = migrations.toReversed().flatMap(({ up, down, transactional }) => {
    const version = /^(?:.*\/)?[vV]?(\d+)[^/]*(?:\/migration)?\.sql$/.exec(up)?.[1] ?? ''
    return [
      `Run \`psql "$DATABASE_URL" --set ON_ERROR_STOP=1${transactional ? ' --single-transaction' : ''} --file ${down}\`.`,
      forget(layout, version, up),
    ]
  })
  return [...steps, 'Revert the commit.'].map((step, i) => `${i + 1}. ${step}`).join('\n')
}

/** The tool's own record of the migration has to go, or it takes it for applied. */
function forget({ tool }: Layout, version: string, up: string): string {
  if (tool === 'supabase') return `Run \`supabase migration repair --status reverted ${version}\`.`
  const name = posix.basename(up) === 'migration.sql' ? posix.basename(posix.dirname(up)) : posix.basename(up, '.sql')
  if (tool === 'prisma') return `Delete the row \`${name}\` of \`_prisma_migrations\`.`
  if (tool === 'drizzle') return `Delete the last row of \`drizzle.__drizzle_migrations\`, made by \`${name}\`.`
  return `Take \`${name}\` off the list of applied migrations.`
}
