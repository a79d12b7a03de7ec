import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { openCacheFile } from '../cachefile.ts'
import type { AppModel } from './model.ts'

/** Above this a stored model costs more to load than it saves. */
const MAX_BYTES = 96 * 1024 * 1024
const FILE = 'model.bin'

/**
 * What a model depends on: the content of every file that matters, what the workspace says (apps, versions, routes, problems), and
 * this program. An installed package has the time stamps of its archive, so its version counts too.
 */
export function modelKey(sources: string, facts: unknown): string {
  return createHash('sha1').update(programStamp()).update(sources).update(JSON.stringify(facts)).digest('base64url')
}

let stamp: string | undefined
function programStamp(): string {
  if (stamp !== undefined) return stamp
  const own = fileURLToPath(import.meta.url)
  const parts = [String(statSync(own).mtimeMs)]
  for (let folder = path.dirname(own); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    parts.push(createHash('sha1').update(readFileSync(manifest)).digest('base64url'))
    break
  }
  stamp = parts.join()
  return stamp
}

/** Whether a model of some input is stored: then most files will be known, and probably nothing needs to be parsed. */
export function hasModel(folder: string | undefined): boolean {
  return folder !== undefined && existsSync(path.join(folder, FILE))
}

/** The stored model of exactly this input; undefined when there is none, or it cannot be read. */
export function loadModel(folder: string | undefined, key: string): AppModel | undefined {
  const bytes = openCacheFile(folder, FILE).read()
  // The key stands in front, so that a model of another input is not decoded.
  if (bytes === undefined || bytes.subarray(0, key.length).toString('latin1') !== key) return undefined
  try {
    return deserialize(bytes.subarray(key.length)) as AppModel
  } catch {
    return undefined
  }
}

/** A cache that cannot be written costs time on the next run and nothing else. */
export function saveModel(folder: string | undefined, key: string, model: AppModel): void {
  if (!folder) return
  try {
    const body = serialize(model)
    if (body.byteLength <= MAX_BYTES)
      openCacheFile(folder, FILE).write(Buffer.concat([Buffer.from(key, 'latin1'), body]))
  } catch {
    // Deliberately quiet: see above.
  }
}
