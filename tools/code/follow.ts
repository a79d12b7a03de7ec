import type { Cut, Machine } from './eval/machine.ts'
import type { Problem } from './workspace.ts'

/** Statements that may run for one entry point; the largest sample needs half of it for all that it has. */
export const STEP_LIMIT = 4_000_000
/** Statements for the whole app; once they are used up, each entry point still gets `LAST_STEPS`. */
const TOTAL_STEPS = 40_000_000
const LAST_STEPS = 50_000

/**
 * Runs one entry point of the audited app within an allowance of its own, so that a hostile or enormous one costs itself and
 * nothing else. Undefined when it could not be followed.
 */
export function follow<T>(m: Machine, file: string, body: () => T): T | undefined {
  // The steps of one that was given up count up to its limit.
  m.steps = Math.min(m.steps, m.stepLimit)
  m.stepLimit = m.steps + Math.max(LAST_STEPS, Math.min(STEP_LIMIT, TOTAL_STEPS - m.steps))
  return attempt(m, file, body)
}

/** What makes it throw (nesting beyond the stack, say) is noted, and the state is put back. Undefined then. */
export function attempt<T>(m: Machine, file: string, body: () => T): T | undefined {
  const { frame, path, client, logs, stack, depth, cache, loading, branch, rounds } = m
  const outer = { frame, path, client, logs, stack, depth, cache, loading, branch, rounds, running: new Map(m.running) }
  const level = logs.length
  try {
    return body()
  } catch (error) {
    Object.assign(m, outer)
    logs.length = level
    m.cut.push({ what: 'failed', file, line: 1 })
    if (process.env.SCALABILITY_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return undefined
  }
}

const MESSAGES: Record<Cut['what'], string> = {
  steps: 'takes too many steps to follow: what comes after this was not looked at',
  loops: 'loops are nested too deeply: the inner ones were followed once, not in every state',
  failed: 'could not be followed to its end: it is nested too deeply, or this program has a fault',
}

/** What was cut short, each place once. */
export function cutProblems(m: Machine): Problem[] {
  const places = new Map<string, Problem>()
  for (const { what, file, line } of m.cut)
    places.set(`${what} ${file}:${line}`, { message: MESSAGES[what], file, ...(what === 'failed' ? {} : { line }) })
  return [...places.values()]
}
