import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { readRegular } from '../../safefile.ts'
import { emptyCatalog, modelOf } from '../fold/catalog.ts'
import { foldItems } from '../fold/fold.ts'
import type { SchemaModel } from '../model.ts'
import { discover, type SqlSource } from '../sources/discover.ts'
import { platformTables } from '../sources/merge.ts'
import { withoutDown } from '../sources/sql.ts'
import { loadParser, parseScript } from '../sql/parse.ts'
import { readSource, type SourceText, sourceText } from '../sql/text.ts'
import { locate } from './catalog/locate.ts'
import { readCatalog } from './catalog/read.ts'
import { chooseEngine, type Engine } from './engine.ts'
import { STAND_INS } from './platform/extensions.ts'
import { platformSql, platformVersion } from './platform/index.ts'
import { type ReplayReport, type ReplayScript, replay } from './replay.ts'
import { type Server, SUPERUSER, startServer } from './server.ts'
import { sweepOrphans } from './sweep.ts'
import { findTemplate, saveTemplate } from './template.ts'
import { createWatchdog, type WatchdogLimits } from './watchdog.ts'

/** Database that the migrations are replayed into. */
export const SHADOW_DATABASE = 'postgres'

/** A supabase/config.toml has some ten kilobytes. */
const MAX_CONFIG_BYTES = 1024 * 1024

/** Role that migrations run as, in Supabase and here: no superuser. */
export const OWNER = 'postgres'

export interface ShadowOptions {
  /** Absolute path of the audited folder. */
  root: string
  /** Posix paths of its files relative to the root. */
  files: string[]
  /** Folder for warm templates, by habit `<root>/.scalability/cache/shadow`; no caching when absent. */
  cache?: string
  /** Major version of PostgreSQL; by default what `supabase/config.toml` names. */
  major?: number
  limits?: WatchdogLimits
  signal?: AbortSignal
}

/** Settings without user and database. */
export type ShadowConnection = Server['connection']

export interface Shadow {
  schema: SchemaModel
  replay: ReplayReport
  /** Major version that runs. */
  major: number
  /** The schema came from a warm template. */
  warm: boolean
  /** Things worth a line: another major version than the app's, extensions without stand-in. */
  notes: string[]
  /** Where the server is, started if it is not: for who connects from another thread. */
  connection(): Promise<ShadowConnection>
  /** A new connection, by default as the owner (no superuser). The caller ends it. */
  connect(options?: { superuser?: boolean; database?: string }): Promise<Client>
  /** A copy of the replayed database, or of another copy, under a new name; fails while somebody is connected to the original. */
  clone(name: string, of?: string): Promise<void>
  drop(name: string): Promise<void>
  /** Ends the server and removes its data. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts a PostgreSQL of its own, makes it a Supabase project, replays the repository's migrations in it and reads the
 * schema from its catalogs. Without migrations there is nothing to start.
 * @throws when no server can be started (no binaries, no unprivileged account).
 */
export async function openShadow(options: ShadowOptions): Promise<Shadow | { skipped: string }> {
  const { root, signal } = options
  const sources = candidates((await discover(root, options.files)).sql)
  if (sources.length === 0) return { skipped: 'no SQL migrations or schema files in the repository' }
  const wanted = options.major ?? (await configuredMajor(root, sources, options.files))
  // Only beside our own code: binaries in the repository under audit are not ours to run.
  const choice = chooseEngine(wanted, [dirname(fileURLToPath(import.meta.url))])
  if ('reason' in choice) return { skipped: choice.reason }
  sweepOrphans()
  const notes = choice.note ? [choice.note] : []
  const texts = replayable(await readTexts(root, sources, signal), notes)
  const key = templateKey(choice.engine, texts)
  const prepared = { sources, texts, key, notes }
  const warm = await openWarm(options, choice.engine, prepared)
  if (warm) return warm
  const { server, schema, replay } = await build(options, choice.engine, prepared)
  const kept = options.cache ? keep(server, options.cache, key, JSON.stringify({ schema, replay })) : undefined
  const start = async () => {
    // It was stopped for the copy, and stays so unless somebody connects: most runs need no more than the schema.
    if (kept) await kept.then(() => server.resume())
    return server
  }
  const stop = async () => {
    await kept
    await server.remove()
  }
  return shadowOf(start, stop, { schema, report: replay, major: choice.engine.major, warm: false, notes })
}

/**
 * What makes one database: the first source, and migrations of other tools beside it (Drizzle's tables, Supabase's
 * policies). A second Supabase project in the repository is another database, and a tool that creates the tables which
 * another has created is another description of the same one.
 */
function replayable(texts: Text[], notes: string[]): Text[] {
  const sources = [...new Set(texts.map(({ source }) => source))]
  const tools = new Set<string>()
  const created = new Set<string>()
  const chosen = sources.filter(source => {
    if (tools.has(source.tool)) return false
    const own = createdTables(texts.filter(text => text.source === source))
    const again = own.filter(name => created.has(name)).length
    if (own.length > 0 && again > own.length * 0.3) {
      notes.push(`${source.path} creates tables that ${sources[0]?.path} creates as well; it was not replayed`)
      return false
    }
    for (const name of own) created.add(name)
    tools.add(source.tool)
    return true
  })
  return texts.filter(({ source }) => chosen.includes(source))
}

/** Bare names of the tables that files create, by their text. */
function createdTables(texts: Text[]): string[] {
  const pattern = /\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)"?/gi
  return texts.flatMap(({ text }) =>
    'error' in text ? [] : [...text.text.matchAll(pattern)].map(match => match[1]!.toLowerCase()),
  )
}

/** The sources worth reading: one dump, or migrations, or declarative schema files. */
function candidates(sources: SqlSource[]): SqlSource[] {
  const migrations = sources.filter(({ kind }) => kind === 'migrations')
  return migrations.length > 0 ? migrations : sources.slice(0, 1)
}

async function configuredMajor(root: string, sources: SqlSource[], files: string[]): Promise<number | undefined> {
  const beside = sources.map(({ path }) => `${path.replace(/\/?(migrations|schemas)$/, '')}/config.toml`)
  const candidates = [...beside, ...files.filter(file => file.endsWith('supabase/config.toml'))]
  for (const file of candidates) {
    const text = readRegular(join(root, file), { maxBytes: MAX_CONFIG_BYTES }).bytes?.toString('utf8')
    const major = text && /^\s*major_version\s*=\s*(\d+)/m.exec(text)?.[1]
    if (major) return Number(major)
  }
  return undefined
}

interface Text {
  source: SqlSource
  migration: SqlSource['files'][number]
  text: SourceText | { error: string }
}

async function readTexts(root: string, sources: SqlSource[], signal?: AbortSignal): Promise<Text[]> {
  const wanted = sources.flatMap(source => source.files.map(migration => ({ source, migration })))
  signal?.throwIfAborted()
  return Promise.all(
    wanted.map(async ({ source, migration }) => {
      const read = await readSource(join(root, migration.file), migration.file)
      const text = 'error' in read ? read : sourceText(read.file, withoutDown(read.text))
      return { source, migration, text }
    }),
  )
}

/** Bumped when the replay or the catalog reader change what they make of the same files. */
const FORMAT = 2

function templateKey(engine: Engine, texts: Text[]): string {
  const hash = createHash('sha256').update(`${FORMAT}\n${engine.version}\n${platformVersion()}\n`)
  for (const { migration, text } of texts) {
    hash.update(`${migration.file}\n`).update('error' in text ? text.error : text.text)
  }
  return hash.digest('hex').slice(0, 32)
}

interface Attachment {
  schema: SchemaModel
  replay: ReplayReport
}

async function openWarm(options: ShadowOptions, engine: Engine, prepared: Prepared): Promise<Shadow | undefined> {
  const { key, notes } = prepared
  if (!options.cache) return undefined
  const template = await findTemplate(options.cache, 'replayed', key)
  if (!template) return undefined
  const { schema, replay: report } = JSON.parse(template.attachment) as Attachment
  // The schema is known; a server is started only for who asks to connect.
  const start = async () => {
    try {
      return await startServer({ engine, restore: template.restore, signal: options.signal })
    } catch (error) {
      options.signal?.throwIfAborted()
      notes.push(`warm template not used: ${error instanceof Error ? error.message : String(error)}`)
      const { server } = await build(options, engine, prepared)
      return server
    }
  }
  // Nothing was started unless somebody asked to connect.
  return shadowOf(start, async () => {}, { schema, report, major: engine.major, warm: true, notes })
}

interface Prepared {
  sources: SqlSource[]
  texts: Text[]
  key: string
  notes: string[]
}

/** From nothing to the replayed database and the schema in it. */
async function build(
  options: ShadowOptions,
  engine: Engine,
  { sources, texts }: Prepared,
): Promise<Attachment & { server: Server }> {
  const { signal } = options
  const starting = startPlatform(engine, signal)
  // Parsing fills the time in which initdb works. Its failure is reported where the server is awaited.
  starting.catch(() => {})
  const parser = await loadParser()
  const { scripts, files } = parseTexts(parser, texts)
  const server = await starting
  try {
    const control = await connectTo(server, { superuser: true })
    try {
      const available = await control.query<{ name: string }>('select name from pg_available_extensions')
      const known = new Set([...available.rows.map(({ name }) => name), ...Object.keys(STAND_INS)])
      const connect = async () => {
        const client = await connectTo(server, {}, 'statement_timeout=15s')
        const pid = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
        return { client, watchdog: createWatchdog(control, pid.rows[0]?.pid ?? 0, options.limits) }
      }
      const report = await replay(scripts, parser, connect, known, signal)
      platformTables(files)
      const fromFiles = modelOf(files, sources[0]?.kind ?? 'migrations')
      fromFiles.migrations = scripts.map(({ migration }) => migration)
      const schema: SchemaModel = { ...locate(await readCatalog(control), fromFiles), readFrom: 'shadow' }
      return { server, schema, replay: report }
    } finally {
      await control.end().catch(() => {})
    }
  } catch (error) {
    await server.remove()
    throw error
  }
}

function parseTexts(parser: Awaited<ReturnType<typeof loadParser>>, texts: Text[]) {
  const files = emptyCatalog()
  const scripts = texts.flatMap(({ migration, text }): ReplayScript[] => {
    if ('error' in text) {
      files.problems.push({ location: { file: migration.file, line: 1 }, message: text.error })
      return []
    }
    const items = parseScript(parser, text)
    foldItems(files, parser, items)
    return [{ migration, source: text, items }]
  })
  return { scripts, files }
}

/** A server with the platform in it and nothing else. */
export async function startPlatform(engine: Engine, signal?: AbortSignal): Promise<Server> {
  const server = await startServer({ engine, signal })
  try {
    const client = await connectTo(server, { superuser: true })
    try {
      await client.query(platformSql())
      // Nothing is made from these; without them a template has a third of the files.
      for (const name of ['template0', 'template1']) {
        await client.query(`alter database ${name} is_template false`)
        await client.query(`drop database ${name}`)
      }
    } finally {
      await client.end()
    }
    return server
  } catch (error) {
    await server.remove()
    throw error
  }
}

/** Stops the server and keeps its data; a cache that cannot be written costs only the next start. */
async function keep(server: Server, cache: string, key: string, attachment: string): Promise<void> {
  await server.halt()
  await saveTemplate(server.data, cache, 'replayed', key, attachment).catch(() => {})
}

export function connectTo(
  { connection }: Server,
  options: { superuser?: boolean; database?: string },
  setting?: string,
): Promise<Client> {
  return connectAs(connection, options, setting)
}

/** A client of a shadow, by default as the owner. The caller ends it. */
export async function connectAs(
  connection: ShadowConnection,
  { superuser, database }: { superuser?: boolean; database?: string } = {},
  setting?: string,
): Promise<Client> {
  const { default: pg } = await import('pg')
  // Settings of a database are not copied with it: in a copy nothing of `extensions` would be found.
  const isCopy = database !== undefined && database !== SHADOW_DATABASE
  const settings = [...(isCopy ? ['search_path="$user",public,extensions'] : []), ...(setting ? [setting] : [])]
  const client = new pg.Client({
    ...connection,
    user: superuser ? SUPERUSER : OWNER,
    database: database ?? SHADOW_DATABASE,
    ...(settings.length > 0 && { options: settings.map(text => `-c ${text}`).join(' ') }),
  })
  // Without a listener an ended connection (the watchdog's doing) would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** `start` brings the server up; `stop` puts away what is there when nobody asked for it. */
function shadowOf(
  start: () => Promise<Server>,
  stop: () => Promise<void>,
  known: { schema: SchemaModel; report: ReplayReport; major: number; warm: boolean; notes: string[] },
): Shadow {
  let starting: Promise<Server> | undefined
  const server = () => {
    starting ??= start()
    return starting
  }
  const command = async (sql: (quote: (name: string) => string) => string) => {
    // PostgreSQL copies a database for who is connected to it, as long as nobody else is.
    const client = await connectTo(await server(), { superuser: true })
    try {
      await client.query(sql(name => client.escapeIdentifier(name)))
    } finally {
      await client.end()
    }
  }
  // Said here and not while building: a warm start says the same.
  for (const name of known.report.unknownExtensions)
    known.notes.push(`extension ${name} has no stand-in; what uses it is missing`)
  return {
    schema: known.schema,
    replay: known.report,
    major: known.major,
    warm: known.warm,
    notes: known.notes,
    connection: async () => (await server()).connection,
    connect: async (options = {}) => connectTo(await server(), options),
    clone: (name, of = SHADOW_DATABASE) =>
      command(quote => `create database ${quote(name)} template ${quote(of)} owner ${quote(OWNER)}`),
    drop: name => command(quote => `drop database if exists ${quote(name)} with (force)`),
    stop: async () => {
      const started = await starting?.catch(() => undefined)
      await (started ? started.remove() : stop())
    },
  }
}
