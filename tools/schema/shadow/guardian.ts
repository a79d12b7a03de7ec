import { spawn } from 'node:child_process'

/**
 * A small process that outlives us by a moment: when its standard input closes, because we ended in whatever way, it
 * ends the PostgreSQL of the run and removes the run's folder. Ctrl-C, a crash and kill -9 all leave nothing behind.
 */
export interface Guardian {
  /** The folder is gone already; nothing is left to guard. */
  dismiss(): void
}

/** Runs in a bare node: argument 1 is the run's folder. Kept free of imports of ours so that it needs no file. */
export const GUARDIAN_SCRIPT = `
const fs = require('node:fs'), path = require('node:path')
const folder = process.argv[1]
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {})
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const alive = pid => { try { process.kill(pid, 0); return true } catch (error) { return error.code === 'EPERM' } }
async function clean() {
  let pid = 0
  try { pid = parseInt(fs.readFileSync(path.join(folder, 'data', 'postmaster.pid'), 'utf8'), 10) } catch {}
  if (pid > 1) {
    try { process.kill(pid, 'SIGQUIT') } catch {}
    for (let i = 0; i < 50 && alive(pid); i++) await sleep(50)
    if (alive(pid)) { try { process.kill(pid, 'SIGKILL') } catch {} }
  }
  try { fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) } catch {}
  process.exit(0)
}
process.stdin.on('end', clean).on('error', clean).resume()
`

export function startGuardian(folder: string): Guardian {
  const child = spawn(process.execPath, ['-e', GUARDIAN_SCRIPT, folder], {
    detached: true,
    windowsHide: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => {})
  child.stdin?.on('error', () => {})
  child.unref()
  // The pipe alone must not keep our event loop alive.
  const pipe = child.stdin as (typeof child.stdin & { unref?: () => void }) | null
  pipe?.unref?.()
  return { dismiss: () => child.kill('SIGKILL') }
}
