import { stripVTControlCharacters } from 'node:util'

/** Characters that change the order or the look of the text around them without being seen (Trojan Source, CVE-2021-42574). */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const COMBINING = /\p{Mark}/u

/**
 * Text of the audited repository as one harmless line: escape sequences removed, control characters and line breaks turned into
 * spaces, invisible and direction-changing characters spelled out as `<U+202E>`.
 */
export function oneLine(text: string): string {
  return harmless(text).replace(/\s+/g, ' ').trim()
}

/** As `oneLine`, for source code: keeps line breaks (as LF), tabs and runs of spaces. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL, ' ')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(INVISIBLE, found => `<U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`)
}

/** Cuts after `max` code points and says so with an ellipsis. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  const points = [...text]
  return points.length <= max ? text : `${points.slice(0, max - 1).join('')}…`
}

/** Columns that the text takes in a terminal, for text without escape sequences. */
export function columns(text: string): number {
  let width = 0
  for (const point of text) width += COMBINING.test(point) ? 0 : WIDE.test(point) ? 2 : 1
  return width
}

/** Breaks at spaces into lines of at most `width` columns; a word that is longer (a path) stays whole on a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line === '') line = word
    else if (columns(line) + 1 + columns(word) <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** `1 route`, `1,204 routes`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${thousands(number)} ${number === 1 ? singular : plural}`
}

/** English thousands separators whatever the machine's locale: reports are the same everywhere. */
export function thousands(number: number): string {
  const [whole = '0', fraction] = String(number).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction ? `${grouped}.${fraction}` : grouped
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** By code unit, so that the order does not hang on the machine's locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
