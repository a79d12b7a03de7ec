import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Evidence } from '../../playbooks/playbook.ts'
import type { Assessment } from '../../reports/assessment.ts'
import type { PlannedChange } from '../changes/plan.ts'
import { signedInRoutes } from '../changes/signedin.ts'
import { CACHE_FOLDER } from '../folders.ts'
import type { Progress } from '../progress.ts'
import { assessWithEvidence } from './assess.ts'
import type { FromWorker, ShownFacts, ThreadRequest, ToWorker } from './thread.ts'

/** The side of the thread that works. Runs one assessment and tells its steps, its result or its failure. */
async function work(): Promise<void> {
  const controller = new AbortController()
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'abort') controller.abort()
  })
  const request = workerData as ThreadRequest
  try {
    const { signal } = controller
    const { assessment, evidence } = await assessWithEvidence({
      ...request,
      cacheDir: request.cache ? join(request.cacheRoot ?? request.root, CACHE_FOLDER, 'cache') : undefined,
      progress: toldProgress(),
      signal,
    })
    const changes = await plannedChanges(request, assessment, evidence, signal)
    const signedIn = request.changes && evidence.code.status === 'ran' ? signedInRoutes(evidence.code.value) : undefined
    tell({ kind: 'done', assessment, changes, signedIn, facts: request.facts ? shownFacts(evidence) : undefined })
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    tell({ kind: 'failed', name, message, stack })
  } finally {
    parentPort?.close()
  }
}

async function plannedChanges(
  { root, changes }: ThreadRequest,
  { findings }: Assessment,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<PlannedChange[] | undefined> {
  if (!changes) return undefined
  const { planChanges } = await import('../changes/plan.ts')
  return planChanges({ root, findings, evidence, ...changes, signal })
}

function shownFacts({ code, schema }: Evidence): ShownFacts {
  const { routes = [], accesses = [] } = code.status === 'ran' ? code.value : {}
  return {
    routes: routes.map(({ effects: _effects, ends: _ends, config: _config, ...route }) => route),
    accesses,
    schema: schema.status === 'ran' ? schema.value : undefined,
  }
}

/** Details come by the hundred; more than ten a second nobody can read. */
const REPORT_EVERY_MS = 100

function toldProgress(): Progress {
  let last = 0
  return {
    async step(title, run) {
      tell({ kind: 'step', title })
      return run(detail => {
        const now = performance.now()
        if (now - last < REPORT_EVERY_MS) return
        last = now
        tell({ kind: 'report', detail })
      })
    },
  }
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message)
}

await work()
