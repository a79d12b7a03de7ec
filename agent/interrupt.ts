import { constants } from 'node:os'
import { removeUnfinished } from './folders.ts'

/** How long instruments get to put things away before the process ends anyway. */
const GRACE_MS = 2_000

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

export interface Interruptible {
  signal: AbortSignal
  /** The exit code once a signal has come: 130 for Ctrl-C; undefined before. */
  exitCode(): number | undefined
  /** Back to the usual: the next Ctrl-C ends the process at once. */
  release(): void
}

/**
 * Turns the first Ctrl-C (or a termination) into an aborted signal, so that the work can end cleanly, and the second one into the
 * end. The process ends after two seconds at the latest; half-written files are taken away in any case.
 */
export function interruptible(): Interruptible {
  const controller = new AbortController()
  let code: number | undefined
  const stop = (name: (typeof SIGNALS)[number]): void => {
    const again = code !== undefined
    code = 128 + constants.signals[name]
    removeUnfinished()
    if (again) leave(code)
    controller.abort()
    setTimeout(() => leave(code), GRACE_MS).unref()
  }
  for (const name of SIGNALS) process.on(name, stop)
  return {
    signal: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const name of SIGNALS) process.off(name, stop)
    },
  }
}

function leave(code: number | undefined): never {
  // The spinner hides the cursor.
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h')
  process.exit(code)
}
