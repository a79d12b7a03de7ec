import { Worker } from 'node:worker_threads'
import type { Assessment } from '../../reports/assessment.ts'
import type { DataAccess, RouteModel } from '../../tools/code/model.ts'
import { AbortedError, UserError } from '../../tools/errors.ts'
import type { SchemaModel } from '../../tools/schema/model.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { Progress } from '../progress.ts'
import type { AssessRequest } from './assess.ts'

/** What can be handed to another thread. */
export interface ThreadRequest extends Omit<AssessRequest, 'cacheDir' | 'progress' | 'signal'> {
  /** Whether to use a cache. */
  cache: boolean
  /** Audited folder that the cache is kept in, when `root` is a copy of it. */
  cacheRoot?: string
  /** Run the fixes as well. */
  changes?: { now: number; earlier?: Record<string, number> }
  /** Bring back what the assessment was judged from, as far as it can be looked at by hand. */
  facts?: boolean
}

/** Evidence that tools show: the routes without their effects, the accesses, the schema. */
export interface ShownFacts {
  routes: Omit<RouteModel, 'effects' | 'ends' | 'config'>[]
  accesses: DataAccess[]
  schema: SchemaModel | undefined
}

export interface ThreadResult {
  assessment: Assessment
  /** When the request asked for them. */
  changes: PlannedChange[] | undefined
  /** Routes that only signed-in visitors get (routeKey); when changes were asked for. */
  signedIn: string[] | undefined
  facts: ShownFacts | undefined
}

export type ToWorker = { kind: 'abort' }

export type FromWorker =
  | { kind: 'step'; title: string }
  | { kind: 'report'; detail: string }
  | ({ kind: 'done' } & ThreadResult)
  | { kind: 'failed'; name: string; message: string; stack: string | undefined }

/** How long the work gets to put things away after a Ctrl-C. */
const GRACE_MS = 300

/** Megabytes; nested expressions are followed by recursion, and the main thread has about one. */
const STACK_MB = 16

/**
 * Runs an assessment in a thread of its own. The analysis computes for seconds on end: here it delays neither the spinner nor a
 * Ctrl-C, and input on which it would never end can be interrupted all the same.
 *
 * @throws what `assess` throws
 */
export async function assessInThread(
  request: ThreadRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<Assessment> {
  return (await planInThread(request, progress, signal)).assessment
}

/** The same, with the changes that the request asked for. */
export async function planInThread(
  request: ThreadRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<ThreadResult> {
  // `.ts` when the sources run as they are.
  const file = new URL(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url)
  const worker = new Worker(file, { workerData: request, resourceLimits: { stackSizeMb: STACK_MB } })
  const steps = shownSteps(progress)
  let timer: NodeJS.Timeout | undefined
  const abort = (): void => {
    worker.postMessage({ kind: 'abort' } satisfies ToWorker)
    timer = setTimeout(() => void worker.terminate(), GRACE_MS)
  }
  signal.addEventListener('abort', abort, { once: true })

  const result = new Promise<ThreadResult>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'step') steps.next(message.title)
      else if (message.kind === 'report') steps.report(message.detail)
      else if (message.kind === 'done') resolve(message)
      else reject(revived(message))
    })
    worker.on('error', reject)
    worker.on('exit', () =>
      reject(signal.aborted ? new AbortedError() : new Error('the analysis ended without a result')),
    )
  })
  try {
    const told = await result
    await steps.end()
    return told
  } catch (error) {
    await steps.fail(error)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** Errors lose their class on the way between threads. */
function revived({ name, message, stack }: Extract<FromWorker, { kind: 'failed' }>): Error {
  if (name === 'AbortedError') return new AbortedError()
  const error = name === 'UserError' ? new UserError(message) : new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}

interface ShownSteps {
  next(title: string): void
  report(detail: string): void
  end(): Promise<void>
  fail(error: unknown): Promise<void>
}

/** Turns steps that are told one after the other into steps that begin, and end well or badly. */
function shownSteps(progress: Progress): ShownSteps {
  let current: { end(): void; fail(error: unknown): void; report(detail: string): void } | undefined
  let shown: Promise<void> = Promise.resolve()
  const begin = (title: string): void => {
    const before = shown
    const { promise, resolve, reject } = withResolvers()
    const step = { end: resolve, fail: reject, report: (_detail: string): void => {} }
    current = step
    const run = (report: (detail: string) => void): Promise<void> => {
      step.report = report
      return promise
    }
    // Failures are thrown by who waits for the result; here they are only shown.
    shown = before.then(() => progress.step(title, run)).catch(() => {})
  }
  return {
    next(title) {
      current?.end()
      begin(title)
    },
    report: detail => current?.report(detail),
    async end() {
      current?.end()
      await shown
    },
    async fail(error) {
      current?.fail(error)
      await shown
    },
  }
}

/** `Promise.withResolvers` of Node 22. */
function withResolvers(): { promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let resolve = (): void => {}
  let reject = (_error: unknown): void => {}
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // It may fail before anybody waits for it.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
