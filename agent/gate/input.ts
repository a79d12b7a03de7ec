import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '../../tools/schema/sql/text.ts'

/** The app before a change: a folder, or its files by posix path. */
export type Base = string | ReadonlyMap<string, string>

const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.next',
  '.vercel',
  '.turbo',
  'dist',
  'out',
  'coverage',
  '.scalability',
  'scalability-report',
])
const READ =
  /\.([cm]?[jt]sx?|jsonc?|sql|prisma|toml|ya?ml|mdx?|css|html|txt|env[\w.-]*)$|(^|\/)\.[\w.-]+$|(^|\/)[A-Z]\w+$/
const MAX_BYTES = 2 * 1024 * 1024
const MAX_FILES = 20_000

/** Text files of the base; `links` are symbolic links in it, which are never followed. */
export function readBase(base: Base): { files: Map<string, string>; links: Set<string> } {
  if (typeof base !== 'string') return { files: new Map(base), links: new Set() }
  const files = new Map<string, string>()
  const links = new Set<string>()
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(base, folder), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isSymbolicLink()) links.add(path)
      else if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path)
      } else if (entry.isFile() && files.size < MAX_FILES) {
        if (!READ.test(path) || lstatSync(join(base, path)).size > MAX_BYTES) files.set(path, '')
        else files.set(path, decode(readFileSync(join(base, path))))
      }
    }
  }
  visit('')
  return { files, links }
}

/** The files as they are after the change. */
export function applied(
  before: ReadonlyMap<string, string>,
  change: Readonly<Record<string, string | null>>,
): Map<string, string> {
  const after = new Map(before)
  for (const [path, text] of Object.entries(change)) {
    if (text === null) after.delete(path)
    else after.set(path, text)
  }
  return after
}
