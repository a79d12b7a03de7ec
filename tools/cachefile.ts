import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheKey } from './cachekey.ts'
import { readRegular } from './safefile.ts'

/** One file of the cache inside the audited folder. */
export interface CacheFile {
  /** What this program stored for this user; undefined when there is nothing, or something that anybody else put there. */
  read(): Buffer | undefined
  /** Whether it could be stored. A cache that cannot be written costs time on the next run and nothing else. */
  write(body: Buffer): boolean
}

/** Bytes of the signature in front of the content. */
const MAC_BYTES = 32
/** Far above what is ever written (see the limits of those who write). */
const MAX_BYTES = 256 * 1024 * 1024

/**
 * The folder of the cache lies in a repository that is not trusted: what is read there must carry a signature by a key that lies
 * outside of it, and what is written there must not lead anywhere else. Without a key nothing is read or written.
 *
 * @param folder absolute path, `<repository>/.scalability/cache`; undefined for no cache
 */
export function openCacheFile(folder: string | undefined, name: string): CacheFile {
  const secret = folder === undefined ? undefined : cacheKey()
  if (folder === undefined || secret === undefined) return { read: () => undefined, write: () => false }
  const file = path.join(folder, name)
  const sign = (body: Buffer): Buffer => createHmac('sha256', secret).update(`${name}\0`).update(body).digest()
  return {
    read() {
      if (!isCacheFolder(folder)) return undefined
      const { bytes } = readRegular(file, { maxBytes: MAX_BYTES })
      if (bytes === undefined || bytes.length < MAC_BYTES) return undefined
      const body = bytes.subarray(MAC_BYTES)
      return timingSafeEqual(bytes.subarray(0, MAC_BYTES), sign(body)) ? body : undefined
    },
    write(body) {
      if (body.length > MAX_BYTES - MAC_BYTES) return false
      const temporary = path.join(folder, `.${name}.${randomBytes(8).toString('hex')}.tmp`)
      try {
        if (!makeCacheFolder(folder)) return false
        // A new file by a name that nobody can guess, then a rename, which replaces a link instead of following it.
        writeFileSync(temporary, Buffer.concat([sign(body), body]), { flag: 'wx', mode: 0o600 })
        renameSync(temporary, file)
        return true
      } catch {
        removeQuietly(temporary)
        return false
      }
    },
  }
}

/**
 * Makes the folder, with those above it up to `.scalability`, which stays out of the user's commits.
 *
 * @returns false when one of them is a link or no folder: then nothing may be written there
 * @throws what the file system throws
 */
export function makeCacheFolder(folder: string): boolean {
  for (const each of chainOf(folder)) {
    mkdirUnlessThere(each)
    if (!isFolder(each)) return false
    if (path.basename(each) === STATE_FOLDER) writeUnlessThere(path.join(each, '.gitignore'), '*\n')
  }
  return true
}

/** Whether the folder is there, and neither it nor one above it, up to `.scalability`, is a link to somewhere else. */
export function isCacheFolder(folder: string): boolean {
  return chainOf(folder).every(isFolder)
}

const STATE_FOLDER = '.scalability'
/** `.scalability/cache/<instrument>` and some more. */
const MAX_DEPTH = 6

/** From `.scalability` down to the folder; the folder and the one above it when it lies elsewhere. */
function chainOf(folder: string): string[] {
  const chain = [folder]
  for (let at = folder; path.basename(at) !== STATE_FOLDER; chain.unshift(at)) {
    at = path.dirname(at)
    if (chain.length >= MAX_DEPTH || at === path.dirname(at)) return [path.dirname(folder), folder]
  }
  return chain
}

function isFolder(folder: string): boolean {
  try {
    return lstatSync(folder).isDirectory()
  } catch {
    return false
  }
}

function mkdirUnlessThere(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Exclusive, so that a link of that name, dangling or not, is left as it is. */
function writeUnlessThere(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // It lies in the cache folder, which may be deleted at any time.
  }
}
