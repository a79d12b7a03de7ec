import { parentPort, workerData } from 'node:worker_threads'
import { whenRan } from '../../../tools/gathered.ts'
import type { Shadow } from '../../../tools/schema/shadow/index.ts'
import { type DatabaseOptions, gatherDatabase } from './read.ts'
import type { FromWorker, ShadowCall, ToWorker } from './thread.ts'

/** The side of the thread that reads what is known of the database, and then does what is asked of the shadow until it is stopped. */
async function work(): Promise<void> {
  const controller = new AbortController()
  const calls: ShadowCall[] = []
  let serve = (call: ShadowCall): void => void calls.push(call)
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'abort') controller.abort()
    else serve(message)
  })
  try {
    const { schema, shadow, database } = await gatherDatabase(workerData as DatabaseOptions, controller.signal)
    const open = whenRan(shadow)
    tell({
      kind: 'read',
      schema,
      database,
      shadow: shadow.status === 'ran' ? { ...shadow, value: factsOf(shadow.value) } : shadow,
    })
    if (!open) {
      parentPort?.close()
      return
    }
    serve = call => void answer(open, call)
    for (const call of calls) serve(call)
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    tell({ kind: 'failed', name, message, stack })
    parentPort?.close()
  }
}

function factsOf({
  schema,
  replay,
  major,
  warm,
  notes,
}: Shadow): Pick<Shadow, 'schema' | 'replay' | 'major' | 'warm' | 'notes'> {
  return { schema, replay, major, warm, notes }
}

async function answer(shadow: Shadow, { id, method, name = '' }: ShadowCall): Promise<void> {
  try {
    if (method === 'connection') tell({ kind: 'answer', id, connection: await shadow.connection() })
    else {
      await (method === 'stop' ? shadow.stop() : shadow[method](name))
      tell({ kind: 'answer', id })
    }
  } catch (error) {
    tell({ kind: 'answer', id, error: error instanceof Error ? error.message : String(error) })
  } finally {
    if (method === 'stop') parentPort?.close()
  }
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message)
}

await work()
