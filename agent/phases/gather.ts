import type { Evidence } from '../../playbooks/playbook.ts'
import type { AppModel } from '../../tools/code/model.ts'
import type { LiveOptions } from '../../tools/database/index.ts'
import type { Gathered } from '../../tools/gathered.ts'
import type { Shadow } from '../../tools/schema/shadow/index.ts'
import type { Progress } from '../progress.ts'
import { gatherDatabaseInThread } from './database/thread.ts'
import { gathered } from './gathered.ts'

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
  const { root, cacheDir, progress, signal } = options
  const reading = gatherDatabaseInThread({ root, cacheDir, shadow: options.shadow, live: options.live }, signal)
  // It may fail before anybody waits for it.
  reading.catch(() => {})
  const close = async (): Promise<void> => {
    const { shadow } = await reading
    if (shadow.status === 'ran') await shadow.value.stop()
  }
  try {
    const code = await gatherCode(options)
    const title = options.live ? 'Reading the schema and asking the database' : 'Reading the schema'
    const { schema, shadow, database } = await progress.step(title, () => reading)
    return { evidence: { code, schema, database }, shadow, close }
  } catch (error) {
    await Promise.allSettled([close()])
    throw error
  }
}
