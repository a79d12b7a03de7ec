import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { basename, join, parse, relative, resolve, sep } from 'node:path'
import { UserError } from '../tools/errors.ts'
import { oneLine } from './text.ts'

/** Folder for what may be deleted at any time, inside the audited folder. */
export const CACHE_FOLDER = '.scalability'

/** Where reports go unless --out says otherwise, inside the audited folder. */
export const REPORT_FOLDER = 'scalability-report'

/** The folder that the user named, absolute, links resolved. @throws UserError when there is none */
export function auditedFolder(dir: string): string {
  const shown = oneLine(dir, 200)
  if (/^postgres(ql)?:/i.test(dir)) throw new UserError('the folder is a database URL; give it with --db')
  const stats = statSync(resolve(dir), { throwIfNoEntry: false })
  if (!stats) throw new UserError(`${shown}: there is no such folder; give the folder of a Next.js app`)
  if (!stats.isDirectory()) throw new UserError(`${shown}: is not a folder; give the folder of a Next.js app`)
  return realpathSync(resolve(dir))
}

/**
 * Makes a folder that git ignores: when it is new, a `.gitignore` with `*` is put into it, so that nobody commits its content by
 * accident and a later run does not read it as source.
 *
 * @throws UserError when it cannot be made
 */
export function makeIgnoredFolder(root: string, folder: string): void {
  const isNew = !lookAt(folder)
  makeFolder(root, folder)
  if (isNew) writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
}

/**
 * Makes a folder, with those above it.
 *
 * @param root absolute path of the audited folder. Below it no link is followed: the audited repository must not choose
 *   where we write.
 * @throws UserError when it cannot be made
 */
export function makeFolder(root: string, folder: string): void {
  const shown = oneLine(relative(process.cwd(), folder) || '.', 200)
  const link = linkOnTheWay(root, folder)
  if (link)
    throw new UserError(
      `${shown}: ${oneLine(relative(root, link))} is a link; remove it or choose another folder with --out`,
    )
  const before = lookAt(folder)
  if (before && !before.isDirectory()) throw new UserError(`${shown}: is not a folder; choose another one with --out`)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new UserError(`${shown}: cannot be made (${codeOf(error)}); choose another folder with --out`)
  }
}

function linkOnTheWay(root: string, folder: string): string | undefined {
  const way = relative(root, folder)
  if (way === '' || way.startsWith(`..${sep}`) || way === '..' || parse(way).root !== '') return undefined
  let path = root
  for (const part of way.split(sep)) {
    path = join(path, part)
    if (lookAt(path)?.isSymbolicLink()) return path
  }
  return undefined
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    // Above it there is a file, or a folder that may not be read: making it says which.
    return undefined
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error'
}

const unfinished = new Set<string>()

/**
 * Writes files so that each is there in full or not at all: to a temporary file first, then by a rename, which also replaces a
 * link of that name instead of following it. All are written before the first is renamed.
 *
 * @throws UserError when one cannot be written; then none has been replaced
 */
export function writeFilesAtomically(folder: string, files: readonly { name: string; text: string }[]): void {
  const pending = files.map(({ name, text }) => ({
    text,
    path: join(folder, name),
    temporary: join(folder, `.${name}.${randomBytes(6).toString('hex')}.tmp`),
  }))
  let current = folder
  try {
    for (const { path, temporary, text } of pending) {
      current = path
      unfinished.add(temporary)
      writeFileSync(temporary, text, { flag: 'wx' })
    }
    for (const { path, temporary } of pending) {
      current = path
      renameSync(temporary, path)
      unfinished.delete(temporary)
    }
  } catch (error) {
    removeUnfinished()
    const shown = oneLine(relative(process.cwd(), current) || basename(current), 200)
    throw new UserError(`${shown}: cannot be written (${codeOf(error)}); choose another folder with --out`)
  }
}

/** Takes away what an interrupted run left half-written. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true })
  unfinished.clear()
}
