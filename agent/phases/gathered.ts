import { AbortedError, UserError } from '../../tools/errors.ts'
import type { Gathered } from '../../tools/gathered.ts'
import { oneLine } from '../text.ts'

/** Runs an instrument. What it throws is its own failure, unless the user caused it. */
export async function gathered<T>(signal: AbortSignal, run: () => Promise<T>): Promise<Gathered<T>> {
  const started = performance.now()
  try {
    const value = await run()
    if (signal.aborted) throw new AbortedError()
    return { status: 'ran', value, ms: performance.now() - started }
  } catch (error) {
    if (signal.aborted) throw new AbortedError()
    if (error instanceof UserError) throw error
    if (process.env.SCALABILITY_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return { status: 'failed', error: oneLine(error instanceof Error ? error.message : String(error)) }
  }
}
