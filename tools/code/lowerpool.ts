import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ModuleIR } from './ir.ts'

export interface LowerBatch {
  files: readonly { path: string; text: string }[]
  /** Number of the next file to take. */
  counter: Int32Array
}

export interface LoweredBatch {
  lowered: { index: number; json: string }[]
  failed: { index: number; deep: boolean; message: string }[]
}

/** One file: its IR, also as JSON when another thread made it, or why there is none. */
export type Lowered = { ir: ModuleIR; json?: string } | { error: string }

export interface LowerPool {
  /**
   * Lowers all files; results are in their order. The calling thread works too, and takes over what a thread that failed to
   * start or ended early has left.
   */
  lower(files: LowerBatch['files'], tick: (done: number) => Promise<void>): Promise<Lowered[]>
  close(): void
}

/** Starting a thread takes 40 ms of another core, which is what about this many files take here. */
const WORTH_A_THREAD = 60
/** Each has a heap of its own, and more would wait for the one that interprets. */
const MAX_THREADS = 3
/** Room for nesting: the parser takes up to 2 kB a character of hostile text (measured). Reserved, and used only by such text. */
const STACK_MB = 128
const HARMLESS = 48_000

/**
 * Threads for about this many files; they start while the files are still being found. None for a small app, on one core, or when
 * the sources run as they are.
 */
export function openPool(expected: number): LowerPool {
  const workers = startWorkers(expected)
  return {
    lower(files, tick) {
      if (workers.length === 0) workers.push(...startWorkers(files.length))
      return lowerTogether(workers, files, tick)
    },
    close() {
      for (const worker of workers) void worker.terminate()
    },
  }
}

function startWorkers(files: number): Worker[] {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  if (extension === '.ts' || files < WORTH_A_THREAD) return []
  const threads = Math.min(MAX_THREADS, availableParallelism() - 1)
  return Array.from({ length: threads }, () =>
    startWorker(new URL(`./lowerworker${extension}`, import.meta.url)),
  ).filter(worker => worker !== undefined)
}

function startWorker(file: URL): Worker | undefined {
  try {
    const worker = new Worker(file, {
      workerData: { harmless: HARMLESS },
      resourceLimits: { stackSizeMb: STACK_MB },
      execArgv: [],
    })
    worker.unref()
    // Without a listener a thread that cannot work would end the process; `lower` does its work instead.
    worker.on('error', () => {})
    return worker
  } catch {
    return undefined
  }
}

async function lowerTogether(
  workers: readonly Worker[],
  files: LowerBatch['files'],
  tick: (done: number) => Promise<void>,
): Promise<Lowered[]> {
  const counter = new Int32Array(new SharedArrayBuffer(4))
  const out = new Array<Lowered | undefined>(files.length)
  const answers = workers.map(worker => answerOf(worker, { files, counter }))
  const { lowerFile } = await import('./lower.ts')
  const lowerHere = (index: number): void => {
    const { path, text } = files[index] as LowerBatch['files'][number]
    try {
      out[index] = { ir: lowerFile(path, text) }
    } catch (error) {
      out[index] = { error: reasonOf(error instanceof RangeError, (error as Error).message) }
    }
  }
  let own = 0
  for (let i = Atomics.add(counter, 0, 1); i < files.length; i = Atomics.add(counter, 0, 1)) {
    lowerHere(i)
    if (own++ % 50 === 0) await tick(i)
  }
  for (const answer of await Promise.all(answers)) {
    for (const { index, json } of answer?.lowered ?? []) out[index] = { ir: JSON.parse(json) as ModuleIR, json }
    for (const { index, deep, message } of answer?.failed ?? []) out[index] = { error: reasonOf(deep, message) }
  }
  for (let i = 0; i < files.length; i++) if (!out[i]) lowerHere(i)
  return out as Lowered[]
}

/** What a thread has done when no file is left; undefined when it has ended without an answer. */
function answerOf(worker: Worker, batch: LowerBatch): Promise<LoweredBatch | undefined> {
  return new Promise(resolve => {
    worker.once('message', resolve)
    worker.once('exit', () => resolve(undefined))
    worker.once('error', () => resolve(undefined))
    worker.ref()
    worker.postMessage(batch)
  })
}

function reasonOf(deep: boolean, message: string): string {
  return deep ? 'nested too deeply to parse' : `the parser failed: ${message}`
}
