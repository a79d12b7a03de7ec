import { readFileSync } from 'node:fs'
import type { Client } from 'pg'

export interface Watchdog {
  /** Runs work on the guarded connection; says why it was ended when it was. */
  guard<T>(work: Promise<T>): Promise<{ value: T; ended?: string }>
}

export interface WatchdogLimits {
  /** Longest run of one request in milliseconds. */
  milliseconds: number
  /** Memory of the server process, in bytes. */
  memory: number
  /** Size of the database, in bytes. */
  disk: number
}

export const LIMITS: WatchdogLimits = { milliseconds: 20_000, memory: 1024 ** 3, disk: 2 * 1024 ** 3 }

/**
 * Ends a statement that a migration let run away. A statement_timeout alone is not enough: it can be changed from inside,
 * a handler can catch the cancellation, and it does not see memory or disk. Termination by the superuser cannot be caught.
 */
export function createWatchdog(control: Client, victim: number, limits: WatchdogLimits = LIMITS): Watchdog {
  return {
    async guard<T>(work: Promise<T>) {
      const started = performance.now()
      let ended: string | undefined
      let checking = false
      const check = async () => {
        if (checking || ended) return
        checking = true
        ended = await reasonToEnd(control, victim, performance.now() - started, limits)
        if (ended) await control.query('select pg_terminate_backend($1)', [victim]).catch(() => {})
        checking = false
      }
      const timer = setInterval(() => void check(), 100)
      try {
        const value = await work
        return ended ? { value, ended } : { value }
      } finally {
        clearInterval(timer)
      }
    },
  }
}

async function reasonToEnd(
  control: Client,
  pid: number,
  elapsed: number,
  limits: WatchdogLimits,
): Promise<string | undefined> {
  if (elapsed > limits.milliseconds) return `ran longer than ${limits.milliseconds / 1000} s`
  if (residentBytes(pid) > limits.memory) return `used more than ${Math.round(limits.memory / 1024 ** 2)} MB of memory`
  if (elapsed < 500) return undefined
  const size = await control
    .query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')
    .then(result => Number(result.rows[0]?.bytes ?? 0))
    .catch(() => 0)
  return size > limits.disk ? `wrote more than ${Math.round(limits.disk / 1024 ** 2)} MB` : undefined
}

/** Private resident memory of a process; 0 where it cannot be read (only Linux tells). */
function residentBytes(pid: number): number {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number)
    return (resident - shared) * 4096
  } catch {
    return 0
  }
}
