import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isCacheFolder, makeCacheFolder } from '../../cachefile.ts'
import { cacheKey } from '../../cachekey.ts'
import { readRegular } from '../../safefile.ts'
import type { Account } from './account.ts'

/**
 * Warm templates: stopped data directories under `.scalability/cache`. The cache lies inside the repository under audit,
 * which is not trusted: a data directory made by somebody else could run code (archive_command, C functions). So every
 * file is checked against a manifest that is signed with a key which is not in the repository.
 */
interface Manifest {
  /** Posix path → SHA-256 in hex. */
  files: Record<string, string>
  /** What the caller keeps beside the data. */
  attachment: string
}

interface Template {
  attachment: string
  /** Copies the data directory; throws when a file is not what the manifest says. */
  restore(to: string, account: Account | undefined): Promise<void>
}

const MANIFEST = 'manifest.json'

/** The template of that kind and key, undefined when there is none or it was not made by us. */
export async function findTemplate(cache: string, kind: string, key: string): Promise<Template | undefined> {
  const folder = join(cache, `${kind}-${key}`)
  const secret = cacheKey()
  if (!secret || !isCacheFolder(folder)) return undefined
  try {
    const text = read(join(folder, MANIFEST)).toString('utf8')
    const signature = text.slice(0, 64)
    const body = text.slice(65)
    if (!sameText(signature, sign(secret, `${kind}-${key}`, body))) return undefined
    const manifest = JSON.parse(body) as Manifest
    return { attachment: manifest.attachment, restore: (to, account) => restore(folder, manifest, to, account) }
  } catch {
    return undefined
  }
}

async function restore(folder: string, manifest: Manifest, to: string, account: Account | undefined): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  await give(to, account)
  for (const path of foldersOf(Object.keys(manifest.files))) {
    await mkdir(join(to, path), { recursive: true, mode: 0o700 })
    await give(join(to, path), account)
  }
  for (const path of EMPTY_FOLDERS) {
    await mkdir(join(to, path), { recursive: true, mode: 0o700 })
    await give(join(to, path), account)
  }
  await inBatches(Object.entries(manifest.files), async ([path, digest]) => {
    const bytes = read(join(folder, 'data', path))
    if (sha256(bytes) !== digest) throw new Error(`cached database file was changed: ${path}`)
    await writeFile(join(to, path), bytes, { mode: 0o600 })
    await give(join(to, path), account)
  })
}

/**
 * Keeps a stopped data directory as a template. Written beside and renamed, so that a reader never sees half of one.
 * Older templates of the same kind are removed: only the newest is of use.
 */
export async function saveTemplate(
  data: string,
  cache: string,
  kind: string,
  key: string,
  attachment: string,
): Promise<void> {
  const secret = cacheKey()
  if (!secret || !makeCacheFolder(cache)) return
  const target = join(cache, `${kind}-${key}`)
  const draft = `${target}.${process.pid}.draft`
  await rm(draft, { recursive: true, force: true })
  const manifest: Manifest = { files: {}, attachment }
  const paths = await listFiles(data)
  for (const path of ['', ...foldersOf(paths)]) await mkdir(join(draft, 'data', path), { recursive: true, mode: 0o700 })
  await inBatches(paths, async path => {
    const bytes = await readFile(join(data, path))
    manifest.files[path] = sha256(bytes)
    await writeFile(join(draft, 'data', path), bytes, { mode: 0o600 })
  })
  const body = JSON.stringify(manifest)
  await writeFile(join(draft, MANIFEST), `${sign(secret, `${kind}-${key}`, body)}\n${body}`)
  await rm(target, { recursive: true, force: true })
  await rename(draft, target)
  for (const name of await readdir(cache)) {
    if (name.startsWith(`${kind}-`) && name !== `${kind}-${key}` && !name.endsWith('.draft')) {
      await rm(join(cache, name), { recursive: true, force: true })
    }
  }
}

/** A file of the cache, which others may have put there. @throws when it is no file, or larger than any of ours */
function read(path: string): Buffer {
  const { bytes, why } = readRegular(path, { maxBytes: MAX_FILE_BYTES })
  if (bytes === undefined) throw new Error(`${path}: ${why}`)
  return bytes
}

/** PostgreSQL splits its files at 1 GB; those of an empty database have some hundred kilobytes, its log segments 16 MB. */
const MAX_FILE_BYTES = 128 * 1024 * 1024

/** Folders that PostgreSQL wants although they hold nothing. */
const EMPTY_FOLDERS = [
  'pg_commit_ts',
  'pg_dynshmem',
  'pg_logical/mappings',
  'pg_logical/snapshots',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat',
  'pg_stat_tmp',
  'pg_subtrans',
  'pg_tblspc',
  'pg_twophase',
  'pg_wal/archive_status',
  'pg_wal/summaries',
]

/** Posix paths of the regular files below a folder; links are left out (a data directory of ours has none). */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter(entry => entry.isFile() && entry.name !== 'postmaster.pid')
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

/** All folders above the given files, parents first. */
function foldersOf(paths: string[]): string[] {
  const folders = new Set<string>()
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1)
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'))
  }
  return [...folders].sort()
}

async function inBatches<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < items.length) await work(items[next++]!)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

async function give(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function sign(secret: Buffer, name: string, body: string): string {
  return createHmac('sha256', secret).update(`${name}\n${body}`).digest('hex')
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
