import { join } from 'node:path'
import type { SourceLocation } from '../../tools/gathered.ts'
import { readRegular } from '../../tools/safefile.ts'
import { maskSecrets } from '../mask.ts'

export interface Excerpt {
  startLine: number
  lines: string[]
}

/** Lines of context around a place, and what an excerpt has at most in all. */
const CONTEXT = 3
const MAX_LINES = 16
/** A line of a generated file may hold the whole file. */
const MAX_WIDTH = 240
/** No file in which anything is found is larger. */
const MAX_BYTES = 32 * 1024 * 1024

/** The source around places, secrets masked. Reads each file once, as the places come ordered by file or not. */
export function excerptReader(root: string): (location: SourceLocation) => Excerpt | undefined {
  let known: { file: string; lines: string[] | undefined } | undefined
  return location => {
    if (known?.file !== location.file) known = { file: location.file, lines: maskedLines(join(root, location.file)) }
    const lines = known.lines
    if (!lines || location.line > lines.length) return undefined
    const first = Math.max(1, location.line - CONTEXT)
    const wanted = (location.endLine ?? location.line) + CONTEXT
    const last = Math.min(lines.length, wanted, first + MAX_LINES - 1)
    return { startLine: first, lines: lines.slice(first - 1, last).map(shorten) }
  }
}

/** Masked as a whole: a private key that begins above the excerpt is still one. */
function maskedLines(path: string): string[] | undefined {
  const { bytes } = readRegular(path, { maxBytes: MAX_BYTES })
  return bytes === undefined ? undefined : maskSecrets(decode(bytes)).split(/\r?\n/)
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  return bytes.toString('utf8').replace(/^\ufeff/, '')
}

function shorten(line: string): string {
  return line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH - 1)}…` : line
}
