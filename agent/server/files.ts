import { realpathSync } from 'node:fs'
import { basename, extname, isAbsolute, join, posix, sep } from 'node:path'
import { throwIfAborted, UserError } from '../../tools/errors.ts'
import { readRegular } from '../../tools/safefile.ts'
import { compareText, oneLine } from '../text.ts'
import type { Session } from './session.ts'
import { inline } from './text.ts'

/** What may be shown: source, SQL, configuration and documents. */
const SHOWN = new Set(
  '.ts .tsx .js .jsx .mts .mjs .cts .cjs .json .jsonc .sql .prisma .toml .yml .yaml .md .mdx .css .scss .html .txt'.split(
    ' ',
  ),
)

/** Files that hold secrets by habit, whatever their ending. */
const HIDDEN =
  /^(\.env.*|\.npmrc|\.netrc|\.pgpass|id_[a-z0-9]+|.*\.(pem|key|p12|pfx|jks|keystore)|.*(credential|secret)s?.*\.(json|ya?ml|toml|txt))$/i

const HIDDEN_FOLDERS = new Set(['.git', 'node_modules', '.next', '.scalability', '.vercel', '.aws', '.ssh'])

/** Larger files are generated or data. */
const MAX_BYTES = 1024 * 1024

/**
 * The lines of a file of the repository.
 *
 * @throws UserError when it is not there, lies outside, or is not for showing
 */
export function readLines(root: string, path: string): string[] {
  const shown = oneLine(path, 200)
  const clean = posix.normalize(path.replaceAll('\\', '/'))
  if (isAbsolute(path) || /^[a-z]:/i.test(path) || clean.startsWith('..') || path.includes('\0'))
    throw new UserError(`${shown}: lies outside of the repository; give a path relative to it`)
  if (!mayBeShown(clean)) throw new UserError(`${shown}: is not shown (secrets, generated or binary files are not)`)
  const full = join(root, clean)
  const text = readText(root, full)
  if (text === undefined) throw new UserError(`${shown}: cannot be read; it is missing, a link, too large or no text`)
  return text.split(/\r?\n/)
}

function mayBeShown(path: string): boolean {
  const parts = path.split('/')
  return (
    !parts.some(part => HIDDEN_FOLDERS.has(part)) &&
    SHOWN.has(extname(path).toLowerCase()) &&
    !HIDDEN.test(basename(path))
  )
}

function readText(root: string, full: string): string | undefined {
  try {
    // A folder on the way may be a link out of the repository; the root itself has its links resolved.
    if (!realpathSync(full).startsWith(root + sep)) return undefined
    const text = readRegular(full, { maxBytes: MAX_BYTES }).bytes?.toString('utf8')
    if (text === undefined) return undefined
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** `file:line: text` of every line that contains the text, in order of paths; at most a thousand. */
export async function searchLines(
  { root, config }: Session,
  { text, path, signal }: { text: string; path?: string; signal: AbortSignal },
): Promise<string[]> {
  const { glob } = await import('tinyglobby')
  const ignore = [...[...HIDDEN_FOLDERS].map(folder => `**/${folder}/**`), ...(config.config.exclude ?? [])]
  const files = await glob(['**/*'], { cwd: root, ignore, followSymbolicLinks: false, onlyFiles: true, dot: false })
  const found: string[] = []
  for (const file of files.sort(compareText)) {
    throwIfAborted(signal)
    if (!mayBeShown(file) || (path !== undefined && !file.includes(path))) continue
    const content = readText(root, join(root, file))
    if (content === undefined || !content.includes(text)) continue
    for (const [index, line] of content.split(/\r?\n/).entries()) {
      if (line.includes(text)) found.push(inline(`${file}:${index + 1}: ${line}`, 240))
      if (found.length >= 1000) return found
    }
  }
  return found
}
