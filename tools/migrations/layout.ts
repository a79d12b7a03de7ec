import { posix } from 'node:path'
import type { SchemaMigration } from '../schema/model.ts'
import type { MigrationContext } from './model.ts'

/** Where a repository keeps its migrations, and what the next one is called. */

export interface Layout {
  tool: SchemaMigration['tool']
  /** Posix folder of the migrations. */
  folder: string
  /** `file`: `<version>_<name>.sql`; `folder`: `<version>_<name>/migration.sql`; `journal`: the same as `file`, listed in meta/_journal.json. */
  kind: 'file' | 'folder' | 'journal'
  /** Folder of the counter-migrations, where the tool does not look. */
  rollbacks: string
  /** Every migration runs in a transaction, whatever is in it: nothing can be built concurrently there. */
  alwaysInTransaction: boolean
  /** Where the numbers stand: digits of the version, and what stands before and after them. */
  numbering: { digits: number; prefix: string; separator: string }
}

/** Formats whose files hold the way back as well: a plain SQL file is not one of theirs. */
const OTHER_FORMATS: [RegExp, string][] = [
  [/^--\s*migrate:up/im, 'dbmate'],
  [/^--\s*\+goose\s+up/im, 'goose'],
]

export function layoutOf(
  { schema, source }: MigrationContext,
  definedIn: readonly string[],
): Layout | { declined: string } {
  const all = schema.migrations ?? []
  const last = all.findLast(({ file }) => definedIn.includes(file)) ?? all[0]
  if (!last) return { declined: 'the repository has no migrations to add one to' }
  const isFolder = last.file.endsWith('/migration.sql')
  const folder = isFolder ? posix.dirname(posix.dirname(last.file)) : posix.dirname(last.file)
  const own = all.filter(({ file }) => file.startsWith(`${folder}/`))
  const format = OTHER_FORMATS.find(([pattern]) => pattern.test(source?.(own.at(-1)?.file ?? '') ?? ''))
  if (format) return { declined: `migrations for ${format[1]} have a format of their own that is not written here` }
  const isJournal = last.tool === 'drizzle' && !isFolder
  const parent = posix.dirname(folder)
  return {
    tool: last.tool,
    folder,
    kind: isFolder ? 'folder' : isJournal ? 'journal' : 'file',
    rollbacks:
      posix.basename(folder) === 'migrations' ? posix.join(parent, 'rollbacks') : posix.join(folder, 'rollbacks'),
    alwaysInTransaction: last.tool === 'drizzle',
    numbering: numberingOf(own, last.tool),
  }
}

function numberingOf(own: readonly SchemaMigration[], tool: SchemaMigration['tool']): Layout['numbering'] {
  const usual = { digits: 14, prefix: '', separator: '_' }
  if (tool === 'supabase' || tool === 'prisma') return usual
  const file = own.at(-1)?.file ?? ''
  const base = file.endsWith('/migration.sql') ? posix.basename(posix.dirname(file)) : posix.basename(file)
  const match = /^([vV]?)(\d+)(__|[_-])/.exec(base)
  return match?.[2] ? { digits: match[2].length, prefix: match[1] ?? '', separator: match[3] ?? '_' } : usual
}

/** Hands out versions: later than every one that is taken, and never the same twice. */
export function versions(layout: Layout, { schema, now, taken }: MigrationContext): () => string {
  const inFolder = (schema.migrations ?? []).filter(({ file }) => file.startsWith(`${layout.folder}/`))
  const used = new Set([...inFolder.map(({ file }) => versionOf(file)), ...taken.map(versionOf)].filter(v => v !== ''))
  const { digits } = layout.numbering
  const same = [...used].filter(version => version.length === digits).sort()
  let next =
    digits === 14 ? later(stamp(now), same.at(-1)) : String(Number(same.at(-1) ?? '0') + 1).padStart(digits, '0')
  return () => {
    while (used.has(next)) next = following(next)
    used.add(next)
    return next
  }
}

/** Leading digits of a file's name, of the folder of `migration.sql`, or of a bare version. */
function versionOf(path: string): string {
  const base = path.endsWith('/migration.sql') ? posix.basename(posix.dirname(path)) : posix.basename(path)
  return /^[vV]?(\d+)/.exec(base)?.[1] ?? ''
}

/** YYYYMMDDHHMMSS in UTC. */
export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\D/g, '').slice(0, 14)
}

function later(wanted: string, last: string | undefined): string {
  return last === undefined || wanted > last ? wanted : following(last)
}

/** One second on; a version that is no time is counted on. */
function following(version: string): string {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(version) ?? []
  const time = y ? Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) : Number.NaN
  const isTime = !Number.isNaN(time) && stamp(time) === version
  return isTime ? stamp(time + 1000) : (BigInt(version) + 1n).toString().padStart(version.length, '0')
}
