import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { throwIfAborted } from '../errors.ts'
import { readBlobs } from './git.ts'
import { type Repository, tryLine } from './repository.ts'

/** Above this a file is an asset: its place is kept, its bytes are not. */
const MAX_BYTES = 2 * 1024 * 1024

/** What no instrument reads. */
const ASSET = /\.(png|jpe?g|gif|webp|avif|ico|bmp|mp[34]|mov|webm|wav|ogg|pdf|zip|gz|tgz|woff2?|ttf|otf|eot|wasm|psd)$/i

/** git-lfs leaves a pointer in the commit and the content in the work tree. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

interface Entry {
  mode: string
  id: string
  size: number
  /** Posix, from the top of the repository. */
  path: string
}

/**
 * Writes the files of a commit into a folder, byte by byte as they are committed: no filter, no attribute and no line ending of the
 * configuration has a say. Links and submodules are left out, assets are empty.
 *
 * @param into absolute path of an empty folder
 * @returns paths, from the top of the repository, whose copy in the user's work tree is not as committed
 */
export async function writeTree(repository: Repository, into: string, signal?: AbortSignal): Promise<string[]> {
  const { git, head, root, prefix } = repository
  const top =
    prefix === ''
      ? root
      : join(
          root,
          ...prefix
            .split('/')
            .filter(Boolean)
            .map(() => '..'),
        )
  const entries = parseTree(await git.run('ls-tree', '-r', '-z', '-l', '--full-tree', head)).filter(isPlain)
  const texts = entries.filter(entry => entry.size <= MAX_BYTES && !ASSET.test(entry.path))
  const differ: string[] = []
  const folders = new Set<string>()
  const write = (path: string, bytes: Buffer | string): void => {
    const target = join(into, path)
    const folder = dirname(target)
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true })
    folders.add(folder)
    writeFileSync(target, bytes)
  }
  const read = new Set(texts)
  for (const entry of entries) if (!read.has(entry)) write(entry.path, '')
  let at = 0
  for await (const blob of readBlobs(
    root,
    texts.map(({ id }) => id),
    signal,
  )) {
    throwIfAborted(signal)
    const entry = texts[at]!
    at += 1
    if (blob === undefined) throw new Error(`${entry.path} is not in the repository (a partial clone?)`)
    write(entry.path, blob)
    if (!isSame(join(top, entry.path), blob)) differ.push(entry.path)
  }
  return [...new Set([...differ, ...(await stagedOrNew(repository))])].sort()
}

function parseTree(listing: string): Entry[] {
  return listing.split('\0').flatMap(line => {
    const match = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line)
    return match && match[2] === 'blob'
      ? [{ mode: match[1]!, id: match[3]!, size: Number(match[4]), path: match[5]! }]
      : []
  })
}

/** A regular file whose path stays inside; git does not insist on that in what it is given. */
function isPlain({ mode, path }: Entry): boolean {
  if (mode !== '100644' && mode !== '100755') return false
  return path
    .split('/')
    .every(part => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part) && !/[\\:]/.test(part))
}

/** The work tree's copy holds the same text; line endings may be those of its system. */
function isSame(path: string, blob: Buffer): boolean {
  try {
    if (!lstatSync(path).isFile()) return false
    const bytes = readFileSync(path)
    if (bytes.equals(blob)) return true
    if (blob.subarray(0, LFS_POINTER.length).toString('latin1') === LFS_POINTER) return true
    return withoutReturns(bytes).equals(withoutReturns(blob))
  } catch {
    return false
  }
}

function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
}

async function stagedOrNew({ git, head }: Repository): Promise<string[]> {
  const staged = await tryLine(git, 'diff-index', '--cached', '--name-only', '-z', '--ignore-submodules=all', head)
  const created = await tryLine(git, 'ls-files', '--others', '--exclude-standard', '-z', '--full-name')
  return `${staged ?? ''}\0${created ?? ''}`.split('\0').filter(Boolean)
}
