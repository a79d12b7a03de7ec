import { existsSync, realpathSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { UserError } from '../tools/errors.ts'
import { readRegular } from '../tools/safefile.ts'
import type { Config } from './configschema.ts'
import { oneLine } from './text.ts'

export const CONFIG_FILE = 'scalability.config.json'

/** A configuration is a page of JSON; what is larger is a mistake or an attack. */
const MAX_BYTES = 256 * 1024

export interface LoadedConfig {
  config: Config
  /** As the user would write it; undefined when there is no file. */
  file: string | undefined
}

/**
 * Reads `scalability.config.json` of the audited folder, or the file the user named. It is data: nothing of it is executed.
 * A mistake in it stops the run, because a maintainer who wrote `failOn` or a suppression wants to know that it has no effect.
 *
 * @param root absolute path of the audited folder
 * @param file what stood behind --config, relative to the working directory
 * @throws UserError with the file, the line and the key
 */
export async function loadConfig(root: string, file?: string): Promise<LoadedConfig> {
  const path = file === undefined ? join(root, CONFIG_FILE) : resolve(file)
  const label = file === undefined ? CONFIG_FILE : oneLine(file)
  if (!existsSync(path)) {
    if (file !== undefined) throw new UserError(`${label}: no such file; --config takes the path of a ${CONFIG_FILE}`)
    return { config: {}, file: undefined }
  }
  // The default file belongs to the audited repository: a link in it must not make us read (and quote) a file elsewhere.
  if (file === undefined && leaves(root, path))
    throw new UserError(`${label}: is a link that leaves the folder; make it a file`)
  const text = readText(path, label)
  // Most runs have no configuration: its parser is loaded for those that have one.
  const { parseConfig } = await import('./configschema.ts')
  return { config: parseConfig(text, label), file: label }
}

function leaves(root: string, path: string): boolean {
  try {
    const inside = relative(realpathSync(root), realpathSync(path))
    return inside === '..' || inside.startsWith(`..${sep}`)
  } catch {
    return true
  }
}

function readText(path: string, label: string): string {
  const { bytes, why } = readRegular(path, { maxBytes: MAX_BYTES, follow: true })
  if (bytes === undefined) throw new UserError(`${label}: cannot be read (${why})`)
  return bytes.toString('utf8')
}
