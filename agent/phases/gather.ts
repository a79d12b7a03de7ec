import type { Evidence } from '../../playbooks/playbook.ts'
import type { AppModel } from '../../tools/code/model.ts'
import type { Workspace } from '../../tools/code/workspace.ts'
import type { LiveOptions } from '../../tools/database/index.ts'
import type { Gathered } from '../../tools/gathered.ts'
import type { Shadow } from '../../tools/schema/shadow/index.ts'
import { matcherOf } from '../glob.ts'
import type { Progress } from '../progress.ts'
import { gatherDatabaseInThread } from './database/thread.ts'
import { gathered } from './gathered.ts'
import type { PlansRequest } from './plans.ts'

export interface GatherOptions {
  root: string
  /** Globs of the configuration: files that are neither part of the schema nor searched for suppressions. */
  exclude?: readonly string[]
  cacheDir?: string
  progress: Progress
  signal: AbortSignal
}

/** The one walk over the folder. @throws UserError when it holds no app: then there is nothing to say about any instrument */
function openFolder({ root, signal }: GatherOptions): Promise<Gathered<Workspace>> {
  return gathered(signal, async () => {
    const { openWorkspace } = await import('../../tools/code/discover.ts')
    return openWorkspace(root)
  })
}

/** The app model. */
function gatherCode(options: GatherOptions, folder: Gathered<Workspace>): Promise<Gathered<AppModel>> {
  const { root, cacheDir, progress, signal } = options
  return progress.step('Reading the code', async report => {
    if (folder.status !== 'ran') return folder
    const code = await gathered(signal, async () => {
      const { buildAppModel } = await import('../../tools/code/index.ts')
      const onProgress = (step: string, done: number, total: number): void => report(`${step} ${done} of ${total}`)
      return buildAppModel({ root, workspace: folder.value, cacheDir, onProgress, signal })
    })
    return code.status === 'ran' ? { ...code, ms: code.ms + folder.ms } : code
  })
}

export interface GatheredEvidence {
  evidence: Evidence
  /** Files of the folder that are neither ignored by git nor excluded, posix paths. */
  files: string[]
  /** The private PostgreSQL with the migrations in it, for who wants to plan or prove something there; until `close`. */
  shadow: Gathered<Shadow>
  /** Ends the shadow and removes its data. */
  close(): Promise<void>
}

/** All the evidence there is to have. @throws UserError as `openFolder`; AbortedError */
export async function gatherEvidence(
  options: GatherOptions & { shadow: boolean; live?: LiveOptions; plans?: PlansRequest },
): Promise<GatheredEvidence> {
  const { root, cacheDir, progress, signal } = options
  const folder = await openFolder(options)
  const isExcluded = matcherOf(options.exclude ?? [])
  const files = folder.status === 'ran' ? [...folder.value.tree.files].filter(file => !isExcluded(file)) : []
  const reading = gatherDatabaseInThread({ root, files, cacheDir, shadow: options.shadow, live: options.live }, signal)
  // It may fail before anybody waits for it.
  reading.catch(() => {})
  const close = async (): Promise<void> => {
    const { shadow } = await reading
    if (shadow.status === 'ran') await shadow.value.stop()
  }
  try {
    const code = await gatherCode(options, folder)
    const title = options.live ? 'Reading the schema and asking the database' : 'Reading the schema'
    const { schema, shadow, database } = await progress.step(title, () => reading)
    const evidence: Evidence = { code, schema, database }
    if (options.plans) {
      const { gatherPlans } = await import('./plans.ts')
      evidence.plans = await gatherPlans(evidence, shadow, options.plans, progress, signal)
    }
    return { evidence, files, shadow, close }
  } catch (error) {
    await Promise.allSettled([close()])
    throw error
  }
}
