import { tokens } from '../schema/sql/lexer.ts'

/** Longest query text that is kept. */
const LIMIT = 4000

/**
 * A query text without what may be somebody's data: literals become `?`, comments go, white space is made one blank.
 * Texts that PostgreSQL cut off in the middle of a literal lose the rest.
 */
export function normaliseQuery(text: string): string {
  let result = ''
  let previousEnd = 0
  for (const token of tokens(text)) {
    const raw = text.slice(token.start, token.end)
    const spaced = token.start > previousEnd && result !== ''
    const parameter = result.endsWith('$') && token.kind === 'number' && !spaced
    const literal = token.kind === 'string' || token.kind === 'dollar' || (token.kind === 'number' && !parameter)
    result += (spaced ? ' ' : '') + (literal ? '?' : raw)
    previousEnd = token.end
    if (result.length > LIMIT) return `${result.slice(0, LIMIT)}…`
  }
  return result.replace(/\?(?:\s*,\s*\?)+/g, '?')
}
