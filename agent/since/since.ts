import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ts as TS } from 'ts-morph'
import { UserError } from '../../tools/errors.ts'
import type { SourceLocation } from '../../tools/gathered.ts'
import { readRegular } from '../../tools/safefile.ts'
import { sqlStatementAt } from '../suppress/plain.ts'
import { oneLine } from '../text.ts'
import { type Git, headCommit, openGit } from './git.ts'
import { type ChangedLines, changedLines } from './lines.ts'

/** A finding's own place and the places of its evidence. */
export type Places = readonly SourceLocation[]

/** No file in which anything is found is larger. */
const MAX_BYTES = 32 * 1024 * 1024

/** What changed in a file: everything (it is new), nothing, or some lines of a text. */
type FileChange = 'all' | 'none' | { text: string; lines: ChangedLines }

/**
 * Resolves what stood behind --since to the commit to compare with: where the checkout branched off from it, so that commits made
 * on the other side since then do not count; the commit itself when the two share no known history (a shallow clone).
 *
 * @throws UserError when there is no repository or no such commit
 */
export async function resolveSince(
  root: string,
  ref: string,
  signal?: AbortSignal,
): Promise<{ git: Git; commit: string }> {
  const shown = oneLine(ref, 80)
  if (ref.startsWith('-') || ref.trim() === '')
    throw new UserError(`--since: "${shown}" is not a commit, branch or tag`)
  const git = await openGit(root, signal)
  try {
    await git.run('rev-parse', '--git-dir')
  } catch (error) {
    throw new UserError(`--since: ${whyNoGit(error)}`)
  }
  try {
    const commit = (await git.run('rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).trim()
    return { git, commit: await branchPoint(git, commit) }
  } catch {
    if ((await headCommit(git)) === null)
      throw new UserError('--since: the repository has no commit yet, so there is nothing to compare with')
    throw new UserError(
      `--since: git knows no commit, branch or tag "${shown}" here (a shallow clone may have to fetch it first)`,
    )
  }
}

function whyNoGit(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/ENOENT/.test(message)) return 'git is not installed, and nothing else knows what changed'
  if (/dubious ownership/.test(message))
    return 'git refuses this folder because it belongs to another user (see safe.directory)'
  return 'the folder is not in a git repository, so nothing is known about what changed'
}

async function branchPoint(git: Git, commit: string): Promise<string> {
  try {
    return (await git.run('merge-base', commit, 'HEAD')).trim() || commit
  } catch {
    return commit
  }
}

/**
 * Which of the places have changed since a commit, in the work tree as it is now (uncommitted and untracked files included).
 * One place has changed when a line of the top-level declaration or SQL statement around it was added, rewritten or removed: taking
 * a guard out of a function changes what is found at its first line.
 *
 * @param root absolute path of the audited folder
 * @returns for each entry of `places`, whether any of its locations has changed
 */
export async function whichChanged(
  root: string,
  git: Git,
  commit: string,
  places: readonly Places[],
): Promise<boolean[]> {
  const files = [...new Set(places.flat().map(({ file }) => file))].sort()
  const changes = await changesOf(root, git, commit, files)
  const needsCompiler = files.some(file => isScript(file) && typeof changes.get(file) === 'object')
  const compiler = needsCompiler ? (await import('ts-morph')).ts : undefined
  const scopes = new Map<string, { first: number; last: number }[]>()
  const isChanged = (location: SourceLocation): boolean => {
    const change = changes.get(location.file) ?? 'none'
    if (typeof change === 'string') return change === 'all'
    if (!scopes.has(location.file)) scopes.set(location.file, declarations(compiler, location.file, change.text))
    return touches(change.lines, scopeOf(location, change.text, scopes.get(location.file)!))
  }
  return places.map(locations => locations.some(isChanged))
}

async function changesOf(
  root: string,
  git: Git,
  commit: string,
  files: readonly string[],
): Promise<Map<string, FileChange>> {
  const before = await blobs(git, commit, files)
  const changes = new Map<string, FileChange>()
  const open = files.map(async file => changes.set(file, await changeOf(root, git, file, before.get(file))))
  await Promise.all(open)
  return changes
}

async function changeOf(root: string, git: Git, file: string, before: string | undefined): Promise<FileChange> {
  if (before === undefined) return 'all'
  const now = readBytes(join(root, file))
  if (now === undefined || objectId(now, before.length) === before) return 'none'
  const text = now.toString('utf8')
  return { text, lines: changedLines(await git.run('cat-file', 'blob', before), text) }
}

/** Object ids of the files at the commit, by path relative to the audited folder. */
async function blobs(git: Git, commit: string, files: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const CHUNK = 200
  for (let start = 0; start < files.length; start += CHUNK) {
    const listing = await git.run('ls-tree', '-z', commit, '--', ...files.slice(start, start + CHUNK))
    for (const entry of listing.split('\0')) {
      const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry)
      if (match) found.set(match[2]!, match[1]!)
    }
  }
  return found
}

/** The name git gives to a file's content; sha-256 in repositories that use it. */
function objectId(bytes: Buffer, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function readBytes(path: string): Buffer | undefined {
  return readRegular(path, { maxBytes: MAX_BYTES }).bytes
}

function isScript(file: string): boolean {
  return /\.[mc]?[jt]sx?$/.test(file)
}

/** Lines of the top-level statements of a script. */
function declarations(ts: typeof TS | undefined, file: string, text: string): { first: number; last: number }[] {
  if (!ts || !isScript(file)) return []
  const source = parsed(ts, file, text)
  if (!source) return []
  return source.statements.map(statement => ({
    first: source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1,
    last: source.getLineAndCharacterOfPosition(statement.end).line + 1,
  }))
}

/** Undefined for a file that is nested deeper than the compiler's stack: then only the lines themselves count. */
function parsed(ts: typeof TS, file: string, text: string): TS.SourceFile | undefined {
  try {
    const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
    return ts.createSourceFile(file, text, options, false)
  } catch {
    return undefined
  }
}

function scopeOf(
  location: SourceLocation,
  text: string,
  scopes: { first: number; last: number }[],
): { first: number; last: number } {
  if (location.file.endsWith('.sql')) return sqlStatementAt(text, location.line)
  const around = scopes.find(({ first, last }) => first <= location.line && location.line <= last)
  return around ?? { first: location.line, last: location.endLine ?? location.line }
}

function touches({ changed, removedBefore }: ChangedLines, { first, last }: { first: number; last: number }): boolean {
  for (let line = first; line <= last; line++) {
    if (changed.has(line) || (line > first && removedBefore.has(line))) return true
  }
  return false
}
