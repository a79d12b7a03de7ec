import { parentPort, workerData } from 'node:worker_threads'
import type { LowerBatch, LoweredBatch } from './lowerpool.ts'

/** A thread that lowers files until none is left: it takes the next number from the counter that all threads share. */
const { harmless } = workerData as { harmless: number }
const { lowerFile } = await import('./lower.ts')

parentPort?.on('message', ({ files, counter }: LowerBatch) => {
  const done: LoweredBatch = { lowered: [], failed: [] }
  for (let i = Atomics.add(counter, 0, 1); i < files.length; i = Atomics.add(counter, 0, 1)) {
    const { path, text } = files[i] as LowerBatch['files'][number]
    try {
      // Text, because it is half the work of copying the tree, and what the cache keeps.
      done.lowered.push({ index: i, json: JSON.stringify(lowerFile(path, text, harmless)) })
    } catch (error) {
      done.failed.push({ index: i, deep: error instanceof RangeError, message: (error as Error).message })
    }
  }
  parentPort?.postMessage(done)
})
