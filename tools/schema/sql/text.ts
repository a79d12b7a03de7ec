import { readRegular } from '../../safefile.ts'

/** A decoded file with its line table. */
export interface SourceText {
  /** Posix path relative to the audited folder. */
  file: string
  text: string
  /** 1-based line of a UTF-16 offset. */
  line(offset: number): number
}

/** Larger files are data, not schema; reading them would cost more memory than they can tell. */
export const MAX_BYTES = 32 * 1024 * 1024

/** Decodes UTF-8 and UTF-16 (with byte-order mark, or plainly alternating zero bytes). */
export function decode(bytes: Buffer): string {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return swapped(bytes.subarray(2)).toString('utf16le')
  if (bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0) return bytes.toString('utf16le')
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()
}

export function sourceText(file: string, text: string): SourceText {
  let starts: number[] | undefined
  function line(offset: number): number {
    starts ??= lineStarts(text)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
  return { file, text, line }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Reads a file, or says in one line why not. `path` is absolute. */
export async function readSource(path: string, file: string): Promise<SourceText | { error: string }> {
  // The file itself is read at once; a reader of many files can be interrupted between them.
  await new Promise(resolve => setImmediate(resolve))
  const { bytes, why } = readRegular(path, { maxBytes: MAX_BYTES })
  if (bytes !== undefined) return sourceText(file, decode(bytes))
  return { error: /^[A-Z]/.test(why) ? `unreadable (${why})` : why }
}
