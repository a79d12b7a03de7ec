import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RUN_PREFIX } from './server.ts'

/**
 * Removes what dead runs left in the temporary folder (both we and the guardian were killed, or the machine went down).
 * Only folders of our name, owned by us, whose process is gone.
 * @returns number of folders removed.
 */
export function sweepOrphans(folder = tmpdir()): number {
  let removed = 0
  for (const name of readdirSync(folder)) {
    const match = /^(\d+)-/.exec(name.startsWith(RUN_PREFIX) ? name.slice(RUN_PREFIX.length) : '')
    if (!match || isAlive(Number(match[1]))) continue
    const path = join(folder, name)
    try {
      if (!mayRemove(path)) continue
      endPostmaster(path)
      rmSync(path, { recursive: true, force: true, maxRetries: 3 })
      removed++
    } catch {
      // Another user's, or another run sweeps it just now.
    }
  }
  return removed
}

function mayRemove(path: string): boolean {
  const info = statSync(path)
  const uid = process.getuid?.()
  return info.isDirectory() && (uid === undefined || uid === 0 || info.uid === uid)
}

function endPostmaster(path: string): void {
  let pid = 0
  try {
    pid = Number.parseInt(readFileSync(join(path, 'data', 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return
  }
  if (pid > 1 && isOurs(pid, path)) process.kill(pid, 'SIGKILL')
}

/** Process ids are reused; where the command line can be read it must name the folder. */
function isOurs(pid: number, path: string): boolean {
  if (process.platform !== 'linux') return isAlive(pid)
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path)
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
