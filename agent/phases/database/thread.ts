import { Worker } from 'node:worker_threads'
import type { LiveDatabase } from '../../../tools/database/model.ts'
import { AbortedError, UserError } from '../../../tools/errors.ts'
import type { Gathered } from '../../../tools/gathered.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { Shadow, ShadowConnection } from '../../../tools/schema/shadow/index.ts'
import { type DatabaseOptions, type GatheredDatabase, gatherDatabase } from './read.ts'

/** What is asked of a shadow in its thread. */
export interface ShadowCall {
  kind: 'call'
  id: number
  method: 'connection' | 'clone' | 'drop' | 'stop'
  name?: string
}

export type ToWorker = { kind: 'abort' } | ShadowCall

type ShadowFacts = Pick<Shadow, 'schema' | 'replay' | 'major' | 'warm' | 'notes'>

export type FromWorker =
  | { kind: 'read'; schema: Gathered<SchemaModel>; database: Gathered<LiveDatabase>; shadow: Gathered<ShadowFacts> }
  | { kind: 'answer'; id: number; connection?: ShadowConnection; error?: string }
  | { kind: 'failed'; name: string; message: string; stack: string | undefined }

/** Megabytes; nested expressions of SQL are followed by recursion, and a thread has four. */
const STACK_MB = 16

/**
 * `gatherDatabase` in a thread of its own: parsing, replaying and reading catalogs goes on while another thread is busy with
 * the code. The shadow that comes back works from here.
 */
export async function gatherDatabaseInThread(options: DatabaseOptions, signal: AbortSignal): Promise<GatheredDatabase> {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  // Sources that run as they are (tests) have no worker that Node could load.
  if (extension === '.ts') return gatherDatabase(options, signal)
  const file = new URL(`./worker${extension}`, import.meta.url)
  const worker = new Worker(file, { workerData: options, resourceLimits: { stackSizeMb: STACK_MB } })
  const abort = (): void => worker.postMessage({ kind: 'abort' } satisfies ToWorker)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await read(worker, signal)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function read(worker: Worker, signal: AbortSignal): Promise<GatheredDatabase> {
  const pending = new Map<number, (answer: Extract<FromWorker, { kind: 'answer' }>) => void>()
  const answerAll = (error: string): void => {
    for (const [id, settle] of pending) settle({ kind: 'answer', id, error })
    pending.clear()
  }
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'failed') reject(revived(message))
      else if (message.kind === 'answer') {
        pending.get(message.id)?.(message)
        pending.delete(message.id)
      } else {
        const { schema, shadow, database } = message
        // It waits for calls; that alone is no reason for the process to live on.
        worker.unref()
        resolve({
          schema,
          database,
          shadow: shadow.status === 'ran' ? { ...shadow, value: remote(worker, pending, shadow.value) } : shadow,
        })
      }
    })
    worker.on('error', error => {
      answerAll(error instanceof Error ? error.message : String(error))
      reject(error)
    })
    worker.on('exit', () => {
      answerAll('the shadow database is stopped')
      reject(signal.aborted ? new AbortedError() : new Error('reading the schema ended without a result'))
    })
  })
}

type Pending = Map<number, (answer: Extract<FromWorker, { kind: 'answer' }>) => void>

/** The shadow as seen from another thread than its own. */
function remote(worker: Worker, pending: Pending, facts: ShadowFacts): Shadow {
  let next = 1
  let stopping: Promise<void> | undefined
  const call = (method: ShadowCall['method'], name?: string): Promise<ShadowConnection | undefined> => {
    const id = next++
    worker.ref()
    return new Promise((resolve, reject) => {
      pending.set(id, ({ connection, error }) => {
        if (pending.size <= 1) worker.unref()
        if (error === undefined) resolve(connection)
        else reject(new Error(error))
      })
      worker.postMessage({ kind: 'call', id, method, name } satisfies ToWorker)
    })
  }
  const connection = async (): Promise<ShadowConnection> => {
    const found = stopping ? undefined : await call('connection')
    if (!found) throw new Error('the shadow database is stopped')
    return found
  }
  return {
    ...facts,
    connection,
    connect: async options => {
      const { connectAs } = await import('../../../tools/schema/shadow/index.ts')
      return connectAs(await connection(), options)
    },
    clone: async name => void (await call('clone', name)),
    drop: async name => void (await call('drop', name)),
    stop: () => {
      stopping ??= call('stop').then(() => {})
      return stopping
    },
  }
}

/** Errors lose their class on the way between threads. */
function revived({ name, message, stack }: Extract<FromWorker, { kind: 'failed' }>): Error {
  if (name === 'AbortedError') return new AbortedError()
  const error = name === 'UserError' ? new UserError(message) : new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}
