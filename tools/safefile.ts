import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs'

/** The content of a file, or why it was not read: a system error code such as ENOENT, or a few words. */
export type FileRead = { bytes: Buffer; why?: undefined } | { bytes?: undefined; why: string }

export interface ReadLimits {
  /** A larger file is not read. */
  maxBytes: number
  /** With this, no more than the first bytes are read, however large the file is. */
  head?: number
  /** Links are followed only when the caller says so: in a checkout they are the auditee's to choose. */
  follow?: boolean
}

/** Opening a pipe that nobody writes to would wait for ever; a system without the flags has neither such pipes nor links in the way. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/**
 * Reads a file of a folder that is not trusted: regular files only (a device never ends, a pipe never begins), only as much as the
 * file system says the file has, and nothing above the limit. Never throws.
 */
export function readRegular(path: string, { maxBytes, head, follow = false }: ReadLimits): FileRead {
  let descriptor: number | undefined
  try {
    // Looked at before it is opened, since opening a device may already do something; and after, since it may have been exchanged.
    const before = follow ? statSync(path) : lstatSync(path)
    if (!before.isFile()) return { why: before.isSymbolicLink() ? 'a symbolic link' : 'not a regular file' }
    descriptor = openSync(path, follow ? FLAGS : FLAGS | NO_FOLLOW)
    const info = fstatSync(descriptor)
    if (!info.isFile()) return { why: 'not a regular file' }
    if (head === undefined && info.size > maxBytes) return { why: `larger than ${inWords(maxBytes)}` }
    return { bytes: readUpTo(descriptor, Math.min(info.size, head ?? maxBytes)) }
  } catch (error) {
    return { why: (error as NodeJS.ErrnoException).code ?? 'unknown error' }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** The JSON in such a file; undefined when it cannot be read, or is none. */
export function readJson(path: string, limits: ReadLimits): unknown {
  try {
    return JSON.parse(readRegular(path, limits).bytes?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}

function readUpTo(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  while (at < size) {
    const count = readSync(descriptor, bytes, at, size - at, at)
    if (count === 0) break
    at += count
  }
  return bytes.subarray(0, at)
}

function inWords(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.floor(bytes / 1024)} kB`
}
