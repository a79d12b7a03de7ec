import { join } from 'node:path'
import { parse as parseJsonc } from 'jsonc-parser'
import { readRegular } from '../../safefile.ts'
import type { SchemaMigration } from '../model.ts'

/** One set of SQL files that together make a database, in the order in which their tool applies them. */
export interface SqlSource {
  kind: 'migrations' | 'schema-files'
  tool: SchemaMigration['tool']
  /** Posix folder (or file, for a dump). */
  path: string
  files: SchemaMigration[]
  /** Seed files that belong to it. */
  seeds: string[]
  /** Files of the folder that the tool would not apply. */
  ignored: string[]
}

export interface DiscoveredSources {
  /** Most trusted first. */
  sql: SqlSource[]
  generatedTypes: string[]
  prisma: string[]
  /** TypeScript files that may define Drizzle tables, by their path; their text decides. */
  drizzle: string[]
}

/** A journal has some hundred bytes for each migration. */
const MAX_JOURNAL_BYTES = 8 * 1024 * 1024

const NOT_THE_APP =
  /(^|\/)(node_modules|\.[^/]+|dist|build|fixtures?|__tests__|tests?|e2e|snippets|verifications?|archive[sd]?|backups?|old)\//i
const DOWN = /(\.down\.sql|\.rollback\.sql|\.undo\.sql|\/down\.sql|_down\.sql)$|\/(down|rollback|rollbacks)\//i
const SUPABASE_FILE = /^([0-9]+)_.*\.sql$/
const NUMBERED = /^[vV]?([0-9][0-9_.-]*)[^0-9]/
const TYPES_FILE =
  /(^|\/)(database[._-]types|types[._-]db|database|supabase|db[._-]types|supabase[._-]types|types_db|types|schema|generated|gen)\.ts$/i
const DRIZZLE_FILE = /(schema|schemas|drizzle|db|database|tables|models?)[^/]*(\/.*)?\.ts$/i
const DUMP_NAMES = ['schema.sql', 'structure.sql', 'dump.sql', 'database.sql', 'db.sql', 'init.sql', 'setup.sql']

/** Sorts the repository's files into schema sources by their paths. `files` are posix paths. */
export async function discover(root: string, files: string[]): Promise<DiscoveredSources> {
  const candidates = files.filter(file => !NOT_THE_APP.test(file))
  const sqlFiles = candidates.filter(file => file.toLowerCase().endsWith('.sql') && !DOWN.test(file)).sort(compare)
  const folders = groupByFolder(sqlFiles)
  const known = [
    ...supabaseMigrations(folders, sqlFiles),
    ...(await drizzleMigrations(root, folders)),
    ...prismaMigrations(sqlFiles),
  ]
  const declarative = supabaseSchemas(sqlFiles)
  const other = known.length > 0 || declarative.length > 0 ? [] : numberedFolders(folders)
  const dumps = known.length + declarative.length + other.length > 0 ? [] : dumpFiles(sqlFiles)
  return {
    sql: [...known.sort(byDepth), ...declarative, ...other, ...dumps],
    generatedTypes: candidates.filter(file => TYPES_FILE.test(file)).sort(compare),
    prisma: candidates.filter(file => file.endsWith('.prisma')).sort(compare),
    drizzle: candidates.filter(file => DRIZZLE_FILE.test(file)).sort(compare),
  }
}

function supabaseMigrations(folders: Map<string, string[]>, sqlFiles: string[]): SqlSource[] {
  return [...folders].flatMap(([folder, members]) => {
    if (!/(^|\/)supabase\/migrations$/.test(folder)) return []
    const project = folder.slice(0, -'migrations'.length)
    const applied = members.filter(file => SUPABASE_FILE.test(baseName(file)))
    // When no name fits, the files were applied by hand; their order is then the best guess there is.
    const order = applied.length > 0 ? applied : members
    const seeds = sqlFiles.filter(file => file === `${project}seed.sql` || file.startsWith(`${project}seeds/`))
    const ignored = members.filter(file => !order.includes(file))
    const source: SqlSource = {
      kind: 'migrations',
      tool: 'supabase',
      path: folder,
      files: order.map(file => ({ file, version: SUPABASE_FILE.exec(baseName(file))?.[1] ?? '', tool: 'supabase' })),
      seeds,
      ignored,
    }
    return [source]
  })
}

async function drizzleMigrations(root: string, folders: Map<string, string[]>): Promise<SqlSource[]> {
  const sources: SqlSource[] = []
  for (const [folder, members] of folders) {
    const looks = members.filter(file => /^\d{4,}_[a-z0-9_]+\.sql$/i.test(baseName(file)))
    if (looks.length === 0 || /(^|\/)supabase\/migrations$/.test(folder)) continue
    const tags = await journalTags(join(root, folder, 'meta', '_journal.json'))
    if (!tags) continue
    const files = tags.map(tag => `${folder}/${tag}.sql`).filter(file => members.includes(file))
    // A journal of other files: they are numbered by hand, and read as such.
    if (files.length === 0) continue
    sources.push({
      kind: 'migrations',
      tool: 'drizzle',
      path: folder,
      files: files.map(file => ({ file, version: baseName(file).split('_')[0] ?? '', tool: 'drizzle' })),
      seeds: [],
      ignored: members.filter(file => !files.includes(file)),
    })
  }
  return sources
}

async function journalTags(path: string): Promise<string[] | undefined> {
  const text = readRegular(path, { maxBytes: MAX_JOURNAL_BYTES }).bytes?.toString('utf8')
  const journal = text === undefined ? undefined : parsedJson(text)
  if (typeof journal !== 'object' || journal === null || !('entries' in journal)) return undefined
  if (!Array.isArray(journal.entries)) return undefined
  const entries = journal.entries as { idx?: unknown; tag?: unknown }[]
  return entries
    .filter(entry => typeof entry?.tag === 'string')
    .sort((a, b) => Number(a.idx) - Number(b.idx))
    .map(entry => String(entry.tag))
}

/** Undefined for what nobody wrote: the parser's recursion ends somewhere. */
function parsedJson(text: string): unknown {
  try {
    return parseJsonc(text)
  } catch {
    return undefined
  }
}

/** Prisma (and newer Drizzle) keep each migration in a folder of its own: `<version>_<name>/migration.sql`. */
function prismaMigrations(sqlFiles: string[]): SqlSource[] {
  const groups = new Map<string, string[]>()
  for (const file of sqlFiles) {
    const match = /^(.*)\/([^/]+)\/migration\.sql$/.exec(file)
    if (match) groups.set(match[1]!, [...(groups.get(match[1]!) ?? []), file])
  }
  return [...groups].map(([folder, members]) => {
    const tool = folder.includes('drizzle') ? 'drizzle' : 'prisma'
    return {
      kind: 'migrations',
      tool,
      path: folder,
      files: members.map(file => ({ file, version: file.split('/').at(-2)?.split('_')[0] ?? '', tool })),
      seeds: [],
      ignored: [],
    }
  })
}

function supabaseSchemas(sqlFiles: string[]): SqlSource[] {
  const groups = new Map<string, string[]>()
  for (const file of sqlFiles) {
    const match = /^((?:.*\/)?supabase\/schemas)\//.exec(file)
    if (match) groups.set(match[1]!, [...(groups.get(match[1]!) ?? []), file])
  }
  return [...groups].map(([path, members]) => ({
    kind: 'schema-files',
    tool: 'supabase',
    path,
    files: members.map(file => ({ file, version: '', tool: 'supabase' })),
    seeds: [],
    ignored: [],
  }))
}

/** Folders of numbered SQL files that no known tool claims. */
function numberedFolders(folders: Map<string, string[]>): SqlSource[] {
  return [...folders].flatMap(([path, members]) => {
    const numbered = members.filter(file => NUMBERED.test(baseName(file)))
    const named = /(^|\/)migrations?$/.test(path)
    if (numbered.length < (named ? 1 : 2)) return []
    const files = numbered.sort((a, b) => versionNumber(a) - versionNumber(b) || compare(a, b))
    const source: SqlSource = {
      kind: 'migrations',
      tool: 'other',
      path,
      files: files.map(file => ({ file, version: NUMBERED.exec(baseName(file))?.[1] ?? '', tool: 'other' })),
      seeds: members.filter(file => /seed/i.test(baseName(file)) && !files.includes(file)),
      ignored: members.filter(file => !files.includes(file) && !/seed/i.test(baseName(file))),
    }
    return [source]
  })
}

function versionNumber(file: string): number {
  return Number((NUMBERED.exec(baseName(file))?.[1] ?? '0').replace(/[^0-9]/g, ''))
}

function dumpFiles(sqlFiles: string[]): SqlSource[] {
  const ranked = sqlFiles
    .map(file => ({ file, rank: dumpRank(file) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.file.split('/').length - b.file.split('/').length || compare(a.file, b.file))
  return ranked.map(({ file }) => ({
    kind: 'schema-files',
    tool: 'other',
    path: file,
    files: [{ file, version: '', tool: 'other' }],
    seeds: [],
    ignored: [],
  }))
}

/** A file named like a schema comes first; any other SQL file may still define tables. */
function dumpRank(file: string): number {
  const name = baseName(file).toLowerCase()
  const exact = DUMP_NAMES.indexOf(name)
  if (exact >= 0) return exact
  if (/schema|structure|init|setup|tables/.test(name)) return 20
  if (/seed|data|query|check|fix|test|verify|debug|clean/.test(name)) return -1
  return 40
}

function groupByFolder(files: string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const file of files) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'
    groups.set(folder, [...(groups.get(folder) ?? []), file])
  }
  return groups
}

function byDepth(a: SqlSource, b: SqlSource): number {
  return a.path.split('/').length - b.path.split('/').length || b.files.length - a.files.length
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
