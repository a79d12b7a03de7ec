import { execFile } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../tools/errors.ts'
import { oneLine } from '../text.ts'
import type { Base } from './input.ts'
import { pathReason } from './paths.ts'
import type { GateReason } from './verdict.ts'

export type ChangeFiles = Record<string, string | null>

/** A change as it was given: the files that it leaves behind, or why it is refused before it is applied. */
export type ReadChange = { files: ChangeFiles } | { refused: GateReason[] }

/**
 * Reads a change: JSON (`{"files": {"path": "new content, or null to delete"}}`) or a patch (unified diff, git's format), which must
 * apply exactly.
 * @throws UserError when it is neither, or when the patch does not apply
 */
export async function readChange(file: string, base: Base): Promise<ReadChange> {
  const shown = oneLine(file, 200)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UserError(`${shown}: cannot be read; give a change as JSON or as a patch`)
  }
  return parseChange(text, base, shown)
}

export async function parseChange(text: string, base: Base, shown: string): Promise<ReadChange> {
  const start = text.trimStart()
  if (start.startsWith('{')) return { files: filesOf(parseJson(text, shown), shown) }
  if (/^(diff --git |--- |Index: |From [0-9a-f]{40} )/m.test(text)) return applyPatch(text, base, shown)
  throw new UserError(`${shown}: is neither JSON with "files" nor a patch`)
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${shown}: is not JSON (${error instanceof Error ? oneLine(error.message, 100) : ''})`)
  }
}

/** The files of a parsed change. @throws UserError when it has another shape */
export function filesOf(value: unknown, shown: string): ChangeFiles {
  const files = typeof value === 'object' && value !== null && 'files' in value ? value.files : undefined
  if (typeof files !== 'object' || files === null || Array.isArray(files))
    throw new UserError(`${shown}: has no "files": {"path": "new content, or null to delete"}`)
  const out: ChangeFiles = {}
  for (const [path, content] of Object.entries(files)) {
    if (content !== null && typeof content !== 'string')
      throw new UserError(`${shown}: the content of ${oneLine(path, 100)} is neither text nor null`)
    out[path] = content
  }
  return out
}

const HEADER = /^(?:--- |\+\+\+ |rename from |rename to |copy from |copy to |diff --git )(.*)$/gm

async function applyPatch(patch: string, base: Base, shown: string): Promise<ReadChange> {
  const refused = [...modeReasons(patch)]
  const prefixed = /^(--- a\/|\+\+\+ b\/|diff --git a\/)/m.test(patch)
  const paths = new Set<string>()
  for (const [line, rest = ''] of patch.matchAll(HEADER)) {
    if (line.startsWith('diff --git ')) {
      const match = /^a\/(.+) b\/(.+)$/.exec(rest)
      for (const path of match?.slice(1) ?? []) paths.add(path)
      continue
    }
    const path = rest.replace(/\t.*$/, '').trim()
    if (path === '/dev/null') continue
    paths.add(/^(---|\+\+\+) /.test(line) && prefixed ? path.replace(/^[ab]\//, '') : path)
  }
  for (const path of paths) {
    const reason = pathReason(path.startsWith('"') ? path.slice(1, -1) : path)
    if (reason) refused.push(reason)
  }
  if (refused.length > 0) return { refused }
  const folder = mkdtempSync(join(tmpdir(), 'scalability-patch-'))
  try {
    for (const path of paths) {
      const text = textOf(base, path)
      if (text === undefined) continue
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    await gitApply(folder, patch, prefixed, shown)
    const files: ChangeFiles = {}
    for (const path of [...paths, ...listFiles(folder)]) {
      const after = existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : null
      if (after !== (textOf(base, path) ?? null)) files[path] = after
    }
    return { files }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Links, submodules, executable bits and binaries: nothing that a reviewer reads as text. */
function* modeReasons(patch: string): Generator<GateReason> {
  if (/^(new file|new|old|deleted file) mode 120000/m.test(patch))
    yield { rule: 'path', object: 'patch', evidence: 'a symbolic link' }
  if (/^(new file|new) mode 160000|^[+-]Subproject commit/m.test(patch))
    yield { rule: 'path', object: 'patch', evidence: 'a submodule' }
  if (/^new (file )?mode 100755/m.test(patch))
    yield { rule: 'protected-path', object: 'patch', evidence: 'not executable → executable' }
  if (/^GIT binary patch|^Binary files /m.test(patch)) yield { rule: 'binary', object: 'patch', evidence: 'not text' }
}

function textOf(base: Base, path: string): string | undefined {
  if (typeof base !== 'string') return base.get(path)
  const file = join(base, path)
  const stats = lstatSync(file, { throwIfNoEntry: false })
  return stats?.isFile() ? readFileSync(file, 'utf8') : undefined
}

async function gitApply(folder: string, patch: string, prefixed: boolean, shown: string): Promise<void> {
  const run = promisify(execFile)
  const file = join(folder, '.change.patch')
  writeFileSync(file, patch.endsWith('\n') ? patch : `${patch}\n`)
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CEILING_DIRECTORIES: dirname(folder),
    LC_ALL: 'C',
  }
  try {
    await run(
      'git',
      ['-c', 'core.autocrlf=false', 'apply', '--whitespace=nowarn', prefixed ? '-p1' : '-p0', '.change.patch'],
      { cwd: folder, env },
    )
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? String(error)
    throw new UserError(
      `${shown}: the patch does not apply to the base (${oneLine(said.replace(/^error: /, ''), 160)})`,
    )
  } finally {
    rmSync(file, { force: true })
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}
