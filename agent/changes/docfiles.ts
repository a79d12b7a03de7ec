import { lstatSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withBlock } from '../../reports/blocks.ts'
import { UserError } from '../../tools/errors.ts'
import { makeFolder, writeFilesAtomically } from '../folders.ts'
import { sourceReader } from './plan.ts'

/** One document (or script) of the audited folder, as it is to be. */
export interface DocFile {
  /** Posix path relative to the audited folder. */
  path: string
  text: string
  state: 'unchanged' | 'new' | 'changed'
}

/** A Markdown document of which only a block is generated. @throws UserError when its markers are damaged */
export function document(root: string, path: string, block: { name: string; start: string; content: string }): DocFile {
  const before = read(root, path)
  const after = withBlock(before, block.name, block.start, block.content)
  if ('error' in after) throw new UserError(`${path}: ${after.error}; repair the markers or move the file away`)
  return stated(path, before, after.text)
}

/** A file that is generated as a whole. */
export function generated(root: string, path: string, text: string): DocFile {
  return stated(path, read(root, path), text)
}

/** A file that is made once and then belongs to the user. */
export function started(root: string, path: string, text: string): DocFile {
  const before = read(root, path)
  return before === undefined ? stated(path, undefined, text) : { path, text: before, state: 'unchanged' }
}

function stated(path: string, before: string | undefined, text: string): DocFile {
  return { path, text, state: before === undefined ? 'new' : before === text ? 'unchanged' : 'changed' }
}

function read(root: string, path: string): string | undefined {
  const stats = lstatSync(join(root, path), { throwIfNoEntry: false })
  if (!stats) return undefined
  const text = sourceReader(root)(path)
  if (text === undefined) throw new UserError(`${path}: is a link, no text or too large; move it away`)
  return text
}

/** Writes what is new or changed. @throws UserError when a file cannot be written */
export function writeDocs(root: string, files: readonly DocFile[]): void {
  for (const { path, text, state } of files) {
    if (state === 'unchanged') continue
    const folder = join(root, dirname(path))
    try {
      makeFolder(root, folder)
      writeFilesAtomically(folder, [{ name: basename(path), text }])
    } catch (error) {
      // Where these files go is not a matter of --out.
      if (error instanceof UserError)
        throw new UserError(error.message.replace(/[;,]? (or )?choose another (folder|one) with --out/, ''))
      throw error
    }
  }
}

/** One line for each file. */
export function docSummary(files: readonly DocFile[]): string {
  return files.map(({ path, state }) => `${state.padEnd(9)}  ${path}\n`).join('')
}
