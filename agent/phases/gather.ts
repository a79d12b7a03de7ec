import type { AppModel } from '../../tools/code/model.ts'
import { AbortedError, UserError } from '../../tools/errors.ts'
import type { Gathered } from '../../tools/gathered.ts'
import type { SchemaModel } from '../../tools/schema/model.ts'
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
export function gatherCode({ root, cacheDir, progress, signal }: GatherOptions): Promise<Gathered<AppModel>> {
  return progress.step('Reading the code', report =>
    gathered(signal, async () => {
      const { buildAppModel } = await import('../../tools/code/index.ts')
      const onProgress = (step: string, done: number, total: number): void => report(`${step} ${done} of ${total}`)
      return buildAppModel({ root, cacheDir, onProgress, signal })
    }),
  )
}

/** The database as the repository defines it; skipped when it defines none. */
export function gatherSchema({ root, progress, signal }: GatherOptions): Promise<Gathered<SchemaModel>> {
  return progress.step('Reading the schema', async () => {
    const read = await gathered(signal, async () => {
      const { readSchema } = await import('../../tools/schema/index.ts')
      return readSchema({ root, signal })
    })
    if (read.status !== 'ran') return read
    if (read.value === undefined)
      return { status: 'skipped', reason: 'no migrations, schema files or generated types in the folder' }
    return { ...read, value: read.value }
  })
}

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
