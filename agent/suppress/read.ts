import { join } from 'node:path'
import type { ts as TS } from 'ts-morph'
import { readRegular } from '../../tools/safefile.ts'
import type { FileComments } from './apply.ts'
import { MARKER, type SuppressionComment } from './comments.ts'
import { lineComments, sqlComments } from './plain.ts'
import { scriptComments } from './script.ts'

/** A file that is larger than any a person writes comments in. */
const MAX_BYTES = 2 * 1024 * 1024

/**
 * The suppression comments of the given files, in their order. Only files that hold the marker are parsed.
 *
 * @param root absolute path of the audited folder
 * @param files posix paths relative to it
 */
export async function readSuppressions(root: string, files: readonly string[]): Promise<FileComments[]> {
  let compiler: typeof TS | undefined
  const found: FileComments[] = []
  for (const file of files) {
    const text = readMarked(join(root, file))
    if (text === undefined) continue
    if (isScript(file)) compiler ??= (await import('ts-morph')).ts
    const comments = commentsOf(file, text, compiler)
    if (comments.length > 0) found.push({ file, comments })
  }
  return found
}

/** None in a script that the compiler cannot parse: nested deeper than its stack, it is not written by a person. */
function scriptCommentsOf(compiler: typeof TS, file: string, text: string): SuppressionComment[] {
  try {
    return scriptComments(compiler, file, text)
  } catch {
    return []
  }
}

function commentsOf(file: string, text: string, compiler: typeof TS | undefined): SuppressionComment[] {
  if (isScript(file)) return compiler ? scriptCommentsOf(compiler, file, text) : []
  if (file.endsWith('.sql')) return sqlComments(text)
  if (file.endsWith('.prisma')) return lineComments(text, '//')
  return /\.(toml|ya?ml)$|(^|\/)\.env/.test(file) ? lineComments(text, '#') : []
}

function isScript(file: string): boolean {
  return /\.[mc]?[jt]sx?$/.test(file)
}

/** The text when it holds the marker: bytes are searched first, so that the other files are never decoded. */
function readMarked(path: string): string | undefined {
  // Unreadable files are the workspace's to report.
  const { bytes } = readRegular(path, { maxBytes: MAX_BYTES })
  return bytes?.includes(MARKER) ? bytes.toString('utf8').replace(/^\ufeff/, '') : undefined
}
