import { randomBytes } from 'node:crypto'
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Secret that signs what we cache inside repositories. It lives in the temporary folder, readable by us alone; losing it
 * only costs a cold start. Undefined when it cannot be kept safely: then nothing is cached.
 */
export function cacheKey(): Buffer | undefined {
  const path = join(tmpdir(), `scalability-cache-key-${process.getuid?.() ?? 'user'}`)
  try {
    writeFileSync(path, randomBytes(32), { flag: 'wx', mode: 0o600 })
  } catch {
    // There already; whether it is ours is checked next.
  }
  try {
    const info = lstatSync(path)
    const uid = process.getuid?.()
    const foreign = uid !== undefined && (info.uid !== uid || (info.mode & 0o077) !== 0)
    if (!info.isFile() || foreign) return undefined
    const key = readFileSync(path)
    return key.length === 32 ? key : undefined
  } catch {
    return undefined
  }
}
