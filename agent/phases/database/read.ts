import { join } from 'node:path'
import type { LiveOptions } from '../../../tools/database/index.ts'
import type { LiveDatabase } from '../../../tools/database/model.ts'
import { AbortedError } from '../../../tools/errors.ts'
import type { Gathered } from '../../../tools/gathered.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { Shadow } from '../../../tools/schema/shadow/index.ts'
import { compareText } from '../../text.ts'
import { gathered } from '../gathered.ts'

export interface DatabaseOptions {
  /** Absolute path of the audited folder. */
  root: string
  /** Posix paths of its files, relative to it: those that may be read. */
  files: string[]
  cacheDir?: string
  /** False: the migrations are read, not replayed. */
  shadow: boolean
  /** Where the running database is; absent when nobody said. */
  live?: LiveOptions
}

export interface GatheredDatabase {
  /** Read from the shadow's catalogs (`readFrom: 'shadow'`) when it ran, else folded from the files, else the running one. */
  schema: Gathered<SchemaModel>
  /** The private PostgreSQL with the migrations in it. Whoever gathered stops it. */
  shadow: Gathered<Shadow>
  /** The running database. */
  database: Gathered<LiveDatabase>
}

/** The database as the repository defines it, and as it runs. @throws AbortedError; then nothing is left running. */
export async function gatherDatabase(options: DatabaseOptions, signal: AbortSignal): Promise<GatheredDatabase> {
  const [defined, database] = await Promise.allSettled([
    gatherSchema(options, signal),
    askDatabase(options.live, signal),
  ])
  if (defined.status === 'rejected') throw defined.reason
  if (database.status === 'fulfilled') {
    const { schema, shadow } = defined.value
    return { schema: await orLive(schema, database.value, options.files), shadow, database: database.value }
  }
  const { shadow } = defined.value
  if (shadow.status === 'ran') await shadow.value.stop()
  throw database.reason
}

/** Where the repository defines no database, the running one is the schema. */
async function orLive(
  schema: Gathered<SchemaModel>,
  database: Gathered<LiveDatabase>,
  files: string[],
): Promise<Gathered<SchemaModel>> {
  const running = database.status === 'ran' ? database.value.schema : undefined
  if (schema.status !== 'skipped' || running?.status !== 'ran') return schema
  const { placedAt } = await import('../../../tools/schema/shadow/catalog/locate.ts')
  // No file defines its objects; the manifest stands for the app.
  const manifests = files.filter(file => /(^|\/)package\.json$/.test(file))
  const file = manifests.sort((a, b) => a.split('/').length - b.split('/').length || compareText(a, b))[0]
  return { ...running, value: placedAt(running.value, { file: file ?? 'package.json', line: 1 }) }
}

async function askDatabase(live: LiveOptions | undefined, signal: AbortSignal): Promise<Gathered<LiveDatabase>> {
  if (!live) return { status: 'skipped', reason: NO_DATABASE }
  const read = await gathered(signal, async () => {
    const { readDatabase } = await import('../../../tools/database/index.ts')
    return readDatabase({ ...live, signal })
  })
  return read.status === 'ran' ? read.value : read
}

const NO_DATABASE = 'no --db, SCALABILITY_DATABASE_URL, or SUPABASE_ACCESS_TOKEN with a project'

async function gatherSchema(
  options: DatabaseOptions,
  signal: AbortSignal,
): Promise<Pick<GatheredDatabase, 'schema' | 'shadow'>> {
  const { root, cacheDir } = options
  const files = await gathered(signal, async () => {
    const { isSchemaFile } = await import('../../../tools/schema/index.ts')
    return options.files.filter(isSchemaFile)
  })
  if (files.status !== 'ran') return { schema: files, shadow: { status: 'skipped', reason: 'no schema' } }
  // The server starts while the files are folded.
  const opening = options.shadow ? openShadow(root, cacheDir, files.value, signal) : undefined
  const folding = gathered(signal, async () => {
    const { readSchema } = await import('../../../tools/schema/index.ts')
    return readSchema({ root, files: files.value, signal })
  })
  const [opened, folded] = await Promise.allSettled([opening ?? NOT_WANTED, folding])
  if (opened.status === 'rejected') throw opened.reason
  const shadow = opened.value
  try {
    if (folded.status === 'rejected') throw folded.reason
    const schema = await settled(signal, folded.value, shadow)
    if (signal.aborted) throw new AbortedError()
    return { schema, shadow }
  } catch (error) {
    if (shadow.status === 'ran') await shadow.value.stop()
    throw error
  }
}

const NOT_WANTED: Gathered<Shadow> = { status: 'skipped', reason: '--no-shadow' }

async function openShadow(
  root: string,
  cacheDir: string | undefined,
  files: string[],
  signal: AbortSignal,
): Promise<Gathered<Shadow>> {
  const opened = await gathered(signal, async () => {
    const { openShadow } = await import('../../../tools/schema/shadow/index.ts')
    return openShadow({ root, files, cache: cacheDir && join(cacheDir, 'shadow'), signal })
  })
  if (opened.status !== 'ran') return opened
  const { value, ms } = opened
  return 'skipped' in value ? { status: 'skipped', reason: value.skipped } : { status: 'ran', value, ms }
}

async function settled(
  signal: AbortSignal,
  folded: Gathered<SchemaModel | undefined>,
  shadow: Gathered<Shadow>,
): Promise<Gathered<SchemaModel>> {
  if (folded.status !== 'ran') return shadow.status === 'ran' ? { ...shadow, value: shadow.value.schema } : folded
  const { value, ms } = folded
  if (shadow.status !== 'ran') {
    if (!value) return { status: 'skipped', reason: 'no migrations, schema files or generated types in the folder' }
    return { status: 'ran', value: { ...value, readFrom: 'files' }, ms }
  }
  const { schema, replay } = shadow.value
  const read = await gathered(signal, async () => {
    const { settleSchema } = await import('../../../tools/schema/shadow/settle.ts')
    return value ? settleSchema(schema, value, replay) : schema
  })
  return read.status === 'ran' ? { ...read, ms: Math.max(ms, shadow.ms) } : read
}
