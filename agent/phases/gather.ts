import { join } from 'node:path'
import type { Evidence } from '../../playbooks/playbook.ts'
import type { AppModel } from '../../tools/code/model.ts'
import type { LiveOptions } from '../../tools/database/index.ts'
import type { LiveDatabase } from '../../tools/database/model.ts'
import { AbortedError, UserError } from '../../tools/errors.ts'
import type { Gathered } from '../../tools/gathered.ts'
import type { SchemaModel } from '../../tools/schema/model.ts'
import type { Shadow } from '../../tools/schema/shadow/index.ts'
import type { Progress } from '../progress.ts'
import { oneLine } from '../text.ts'

export interface GatherOptions {
  root: string
  cacheDir?: string
  progress: Progress
  signal: AbortSignal
}

/**
 * The app model. @throws UserError when the folder holds no app: without one there is nothing to say about any instrument.
 */
function gatherCode({ root, cacheDir, progress, signal }: GatherOptions): Promise<Gathered<AppModel>> {
  return progress.step('Reading the code', report =>
    gathered(signal, async () => {
      const { buildAppModel } = await import('../../tools/code/index.ts')
      const onProgress = (step: string, done: number, total: number): void => report(`${step} ${done} of ${total}`)
      return buildAppModel({ root, cacheDir, onProgress, signal })
    }),
  )
}

export interface GatheredEvidence {
  evidence: Evidence
  /** The private PostgreSQL with the migrations in it, for who wants to plan or prove something there; until `close`. */
  shadow: Gathered<Shadow>
  /** Ends the shadow and removes its data. */
  close(): Promise<void>
}

/** All the evidence there is to have. @throws UserError as `gatherCode`; AbortedError */
export async function gatherEvidence(
  options: GatherOptions & { shadow: boolean; live?: LiveOptions },
): Promise<GatheredEvidence> {
  const code = await gatherCode(options)
  const { schema, shadow } = await gatherSchema(options)
  const close = async (): Promise<void> => {
    if (shadow.status === 'ran') await shadow.value.stop()
  }
  try {
    const database = await gatherDatabase(options, options.live)
    return { evidence: { code, schema, database }, shadow, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface GatheredSchema {
  /** Read from the shadow's catalogs (`readFrom: 'shadow'`) when it ran, else folded from the files. */
  schema: Gathered<SchemaModel>
  /** The private PostgreSQL with the migrations in it. Whoever gathered stops it. */
  shadow: Gathered<Shadow>
}

/** The database as the repository defines it; skipped when it defines none. */
function gatherSchema(options: GatherOptions & { shadow: boolean }): Promise<GatheredSchema> {
  const { root, cacheDir, progress, signal } = options
  return progress.step('Reading the schema', async () => {
    const files = await gathered(signal, async () => {
      const { listSchemaFiles } = await import('../../tools/schema/index.ts')
      return listSchemaFiles(root, signal)
    })
    if (files.status !== 'ran') return { schema: files, shadow: { status: 'skipped', reason: 'no schema' } }
    const folded = await gathered(signal, async () => {
      const { readSchema } = await import('../../tools/schema/index.ts')
      return readSchema({ root, files: files.value, signal })
    })
    const shadow = options.shadow
      ? await gatherShadow({ root, cacheDir, signal, files: files.value })
      : ({ status: 'skipped', reason: '--no-shadow' } as const)
    return { schema: await settled(signal, folded, shadow), shadow }
  })
}

async function gatherShadow(
  options: Pick<GatherOptions, 'root' | 'cacheDir' | 'signal'> & { files: string[] },
): Promise<Gathered<Shadow>> {
  const { root, cacheDir, signal, files } = options
  const opened = await gathered(signal, async () => {
    const { openShadow } = await import('../../tools/schema/shadow/index.ts')
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
    const { settleSchema } = await import('../../tools/schema/shadow/settle.ts')
    return value ? settleSchema(schema, value, replay) : schema
  })
  return read.status === 'ran' ? { ...read, ms: ms + shadow.ms } : read
}

/** The running database; skipped when nothing says where it is. */
function gatherDatabase(
  { progress, signal }: Pick<GatherOptions, 'progress' | 'signal'>,
  live: LiveOptions | undefined,
): Promise<Gathered<LiveDatabase>> {
  if (!live) return Promise.resolve({ status: 'skipped', reason: NO_DATABASE })
  return progress.step('Asking the database', async () => {
    const { readDatabase } = await import('../../tools/database/index.ts')
    return readDatabase({ ...live, signal })
  })
}

const NO_DATABASE = 'no --db, SCALABILITY_DATABASE_URL, or SUPABASE_ACCESS_TOKEN with a project'

/** Runs an instrument. What it throws is its own failure, unless the user caused it. */
async function gathered<T>(signal: AbortSignal, run: () => Promise<T>): Promise<Gathered<T>> {
  const started = performance.now()
  try {
    const value = await run()
    if (signal.aborted) throw new AbortedError()
    return { status: 'ran', value, ms: performance.now() - started }
  } catch (error) {
    if (signal.aborted) throw new AbortedError()
    if (error instanceof UserError) throw error
    if (process.env.SCALABILITY_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return { status: 'failed', error: oneLine(error instanceof Error ? error.message : String(error)) }
  }
}
