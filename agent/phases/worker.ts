import { parentPort, workerData } from 'node:worker_threads'
import { cacheFolder } from '../folders.ts'
import type { Progress } from '../progress.ts'
import { assess } from './assess.ts'
import type { FromWorker, ThreadRequest, ToWorker } from './thread.ts'

/** The side of the thread that works. Runs one assessment and tells its steps, its result or its failure. */
async function work(): Promise<void> {
  const controller = new AbortController()
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'abort') controller.abort()
  })
  const request = workerData as ThreadRequest
  try {
    const assessment = await assess({
      ...request,
      cacheDir: request.cache ? () => cacheFolder(request.root) : undefined,
      progress: toldProgress(),
      signal: controller.signal,
    })
    tell({ kind: 'done', assessment })
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    tell({ kind: 'failed', name, message, stack })
  } finally {
    parentPort?.close()
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
