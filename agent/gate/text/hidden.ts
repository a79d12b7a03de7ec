import type { GateReason } from '../verdict.ts'

/** A file that a person reviews is not larger. */
export const MAX_BYTES = 1024 * 1024
/** A line that a person reviews is not longer, unless the file had such lines before. */
const MAX_LINE = 4000

// Zero-width characters, directional overrides, tags, variation selectors, blanks that look like letters.
const INVISIBLE =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180d]|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\uffa0\ufff9-\ufffb]|[\ufe00-\ufe0e]|[\u{e0000}-\u{e0fff}]|[\u{1d173}-\u{1d17a}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const CODE = /\.([cm]?[jt]sx?|sql|prisma|json|jsonc|toml|ya?ml|css|html?)$/i
/** Letters of other scripts that look like Latin ones (Cyrillic, Greek, Armenian, fullwidth, mathematical). */
const LOOKALIKE =
  /[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u2c80-\u2cff\uff01-\uff5e]|[\u{1d400}-\u{1d7ff}]/u

/** Content that a reviewer cannot see, or that reads differently from what it is. Only what the change brings in counts. */
export function hiddenReasons(path: string, before: string | undefined, after: string): GateReason[] {
  const out: GateReason[] = []
  const add = (rule: string, evidence: string, line?: number) =>
    out.push({ rule, object: path, evidence, file: path, line })
  if (Buffer.byteLength(after) > MAX_BYTES && !(before && Buffer.byteLength(before) > MAX_BYTES / 2))
    add('huge', `${Buffer.byteLength(after)} bytes`)
  if (after.includes('\u0000') || after.includes('\ufffd')) {
    add('binary', 'not text')
    return out
  }
  const known = new Set((before ?? '').split('\n'))
  const lines = after.split('\n')
  for (const [index, line] of lines.entries()) {
    if (known.has(line)) continue
    const text = line.replace(/\r$/, '')
    // A joiner between emoji and their variation selector are how some emoji are written.
    const plain = text
      .replace(/\p{Extended_Pictographic}[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}\p{Extended_Pictographic}]*/gu, '')
      .replace(/^\ufeff/, '')
    if (INVISIBLE.test(plain))
      add('invisible-text', `invisible or direction-changing character ${codeOf(INVISIBLE.exec(plain)![0])}`, index + 1)
    else if (CONTROL.test(text)) add('invisible-text', `control character ${codeOf(CONTROL.exec(text)![0])}`, index + 1)
    if (CODE.test(path) && LOOKALIKE.test(withoutText(text)))
      add(
        'lookalike',
        `letter ${codeOf(LOOKALIKE.exec(withoutText(text))![0])} that looks like another in code`,
        index + 1,
      )
    if (mixesScripts(text)) add('lookalike', 'one word of Latin letters and letters that look like them', index + 1)
    if (text.length > MAX_LINE) add('huge', `a line of ${text.length} characters`, index + 1)
    if (/\S {120,}\S/.test(text)) add('invisible-text', 'code pushed out of sight by blanks', index + 1)
  }
  return out.slice(0, 5)
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** A line without its strings, comments and markup text, where other scripts are at home. */
function withoutText(line: string): string {
  return line
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '""')
    .replace(/\/\/.*$|--.*$|\/\*.*?(\*\/|$)|^\s*\*.*$|#.*$/g, '')
    .replace(/>[^<>{}]*</g, '><')
    .replace(/^[^<>{}=();:]*$/g, '')
}

function mixesScripts(line: string): boolean {
  return (line.match(/[\p{L}\p{N}_$]+/gu) ?? []).some(
    word => /[a-z]/i.test(word) && /[\u0400-\u052f\u0370-\u03ff]/.test(word) && !/^[µμΔπλσΩ]|[µμΔπλσΩ]$/.test(word),
  )
}
