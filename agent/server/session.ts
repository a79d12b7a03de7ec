import type { Assessment } from '../../reports/assessment.ts'
import { AbortedError } from '../../tools/errors.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { LoadedConfig } from '../config.ts'
import { planInThread, type ShownFacts, type ThreadRequest } from '../phases/thread.ts'
import type { Progress } from '../progress.ts'

/** One repository, its last assessment, and what may be done to it. Tools see nothing else of the world. */
export interface Session {
  /** Absolute path of the audited folder, links resolved. */
  root: string
  config: LoadedConfig
  /** Local branches may be made. */
  allowWrite: boolean
  /** The last assessment; made now when there is none, or when a new one is asked for. Callers at the same time share one run. */
  assessed(call: Call, refresh?: boolean): Promise<Assessed>
  /** What the fixes would change, at the last assessment. The first to ask pays for it, in a run that is the last assessment then. */
  planned(call: Call): Promise<PlannedChange[]>
}

export interface Assessed {
  assessment: Assessment
  facts: ShownFacts
  /** When the run was asked for them. */
  changes: PlannedChange[] | undefined
}

/** What a tool may use of the request that called it. */
export interface Call {
  signal: AbortSignal
  /** Tells the caller how far the work is. */
  progress(message: string): void
}

export interface SessionOptions {
  root: string
  config: LoadedConfig
  allowWrite: boolean
  cache: boolean
}

export function openSession({ root, config, allowWrite, cache }: SessionOptions): Session {
  let last: Shared | undefined
  const run = async (call: Call, fixes: boolean): Promise<Assessed> => {
    const now = Date.now()
    const request: ThreadRequest = { root, config, cache, shadow: true, now, facts: true }
    const asked = fixes ? { ...request, changes: { now } } : request
    const { assessment, facts, changes } = await planInThread(asked, toldProgress(call), call.signal)
    return { assessment, facts: facts ?? { routes: [], accesses: [], schema: undefined }, changes }
  }
  /** The last run, or a new one that will be. */
  const join = (call: Call, { fixes, refresh }: { fixes: boolean; refresh: boolean }): Promise<Assessed> => {
    if (!last || refresh || last.failed() || (fixes && !last.fixes)) last = share(fixes, run)
    return last.join(call)
  }
  return {
    root,
    config,
    allowWrite,
    assessed: (call, refresh = false) => join(call, { fixes: false, refresh }),
    planned: async call => (await join(call, { fixes: true, refresh: false })).changes ?? [],
  }
}

interface Shared {
  /** It runs the fixes as well. */
  fixes: boolean
  join(call: Call): Promise<Assessed>
  failed(): boolean
}

/** One run for all who ask while it goes on. It is stopped when the last of them has gone, and told to each of them. */
function share(fixes: boolean, run: (call: Call, fixes: boolean) => Promise<Assessed>): Shared {
  const controller = new AbortController()
  const waiting = new Set<Call>()
  let failed = false
  const progress = (message: string): void => {
    for (const call of waiting) call.progress(message)
  }
  let running: Promise<Assessed> | undefined
  const begin = (): Promise<Assessed> => {
    const started = run({ signal: controller.signal, progress }, fixes)
    started.catch(() => {
      failed = true
    })
    return started
  }
  return {
    fixes,
    failed: () => failed || controller.signal.aborted,
    async join(call) {
      waiting.add(call)
      running ??= begin()
      const gone = new Promise<never>((_resolve, reject) => {
        const leave = (): void => {
          waiting.delete(call)
          if (waiting.size === 0) controller.abort()
          reject(new AbortedError())
        }
        if (call.signal.aborted) leave()
        else call.signal.addEventListener('abort', leave, { once: true })
      })
      gone.catch(() => {})
      try {
        return await Promise.race([running, gone])
      } finally {
        // Whoever has the answer no longer keeps the run alive, nor can stop it: it is over.
        if (!call.signal.aborted) waiting.delete(call)
      }
    },
  }
}

/** Steps of a run as progress of the request that asked for it. */
export function toldProgress({ progress }: Call): Progress {
  return {
    step(title, run) {
      progress(title)
      return run(detail => progress(`${title}: ${detail}`))
    },
  }
}
