import { randomBytes } from 'node:crypto'
import { maskSecrets } from '../mask.ts'

/**
 * Text of the audited repository, for a reader that might take it for instructions. The fence has a name that nobody could have
 * known when the text was written, so the text cannot close it.
 */
export function fenced(text: string): string {
  const name = `untrusted-${randomBytes(3).toString('hex')}`
  return `<${name}>\n${visible(maskSecrets(text))}\n</${name}>`
}

/** A short piece of the same, inside of a sentence or a field of its own: one line, nothing hidden. */
export function inline(text: string, limit = 300): string {
  const flat = visible(maskSecrets(text)).replace(/\s+/g, ' ').trim()
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const UNSEEN = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu

/** Without what people do not see but a model reads: control characters, zero-width and bidirectional marks, tag characters. */
function visible(text: string): string {
  return text.replace(CONTROL, '').replace(UNSEEN, '')
}

/** Characters of JSON that one answer may hold: structured and as text, both together under 10,000 tokens of about 4 characters. */
export const BUDGET = 14_000

/** As many of the items, from the first on, as fit into the budget; at least one. */
export function fitting<T>(items: readonly T[], budget: number = BUDGET): T[] {
  let used = 0
  const kept: T[] = []
  for (const item of items) {
    used += JSON.stringify(item).length + 1
    if (used > budget && kept.length > 0) break
    kept.push(item)
  }
  return kept
}

export interface Page<T> {
  total: number
  nextOffset: number | null
  items: T[]
}

/** One page of a list: at most `limit` items, fewer when they are long. */
export function pageOf<T>(items: readonly T[], { limit, offset }: { limit: number; offset: number }): Page<T> {
  const shown = fitting(items.slice(offset, offset + limit))
  const next = offset + shown.length
  return { total: items.length, nextOffset: next < items.length ? next : null, items: shown }
}

/** The text up to the budget, cut at a line. */
export function cut(text: string, budget: number = BUDGET): string {
  if (text.length <= budget) return text
  const end = text.lastIndexOf('\n', budget)
  return `${text.slice(0, end > budget / 2 ? end : budget)}\n… (cut; the whole is ${text.length} characters long)`
}
