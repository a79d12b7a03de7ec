import { closingParenthesis, tokens } from './lexer.ts'
import type { ParsedStatement } from './parse.ts'

/**
 * Source text of the parts of a statement. The parser gives no extents, and deparsing a user's SQL does not round-trip
 * (96 of 944 files measured), so parts are cut from the text itself.
 */

/** Text inside the parentheses that follow the given keywords outside all other parentheses. */
export function clause(sql: string, ...keywords: string[]): string | undefined {
  const open = findKeywords(sql, keywords)?.end
  if (open === undefined) return undefined
  return parenthesised(sql, open)
}

/** Trimmed text inside the first parentheses at or after an offset. */
export function parenthesised(sql: string, from: number): string | undefined {
  for (const token of tokens(sql, from)) {
    if (token.kind !== 'punct' || sql[token.start] !== '(') continue
    return sql.slice(token.start + 1, closingParenthesis(sql, token.start) - 1).trim()
  }
  return undefined
}

/** Where a run of keywords stands outside parentheses. */
export function findKeywords(sql: string, keywords: string[], from = 0): { start: number; end: number } | undefined {
  let depth = 0
  let matched = 0
  let start = 0
  for (const token of tokens(sql, from)) {
    if (token.kind === 'punct') {
      if (sql[token.start] === '(') depth++
      else if (sql[token.start] === ')') depth--
      matched = 0
      continue
    }
    if (depth > 0) continue
    const word = token.kind === 'word' ? sql.slice(token.start, token.end).toUpperCase() : ''
    if (word !== keywords[matched]) matched = 0
    if (word !== keywords[matched]) continue
    if (matched === 0) start = token.start
    if (++matched === keywords.length) return { start, end: token.end }
  }
  return undefined
}

/** Offset where an element of a comma-separated list ends: the comma or closing parenthesis that bounds it. */
export function elementEnd(sql: string, from: number): number {
  let depth = 0
  for (const token of tokens(sql, from)) {
    if (token.kind !== 'punct') continue
    const char = sql[token.start]
    if (char === '(' || char === '[') depth++
    else if ((char === ')' || char === ']') && --depth < 0) return token.start
    else if (char === ',' && depth === 0) return token.start
  }
  return sql.length
}

/** Elements of the parenthesised list that opens at `open`. */
export function listElements(sql: string, open: number): { start: number; text: string }[] {
  const elements: { start: number; text: string }[] = []
  let at = open + 1
  while (at < sql.length) {
    const end = elementEnd(sql, at)
    const raw = sql.slice(at, end)
    elements.push({ start: at + (raw.length - raw.trimStart().length), text: raw.trim() })
    if (sql[end] !== ',') break
    at = end + 1
  }
  return elements
}

/** Expression at the head of an index element: `lower(name) text_pattern_ops DESC` → `lower(name)`. */
export function leadingExpression(element: string): string {
  for (const token of tokens(element)) {
    if (token.kind !== 'punct' || element[token.start] !== '(') continue
    const end = closingParenthesis(element, token.start)
    return token.start === 0 ? element.slice(1, end - 1).trim() : element.slice(0, end).trim()
  }
  return element
}

/** 1-based line of a byte location inside a parsed statement. */
export function lineAt(statement: ParsedStatement, location?: number): number {
  return statement.source.line(statement.at(location))
}

/** Offset inside `statement.sql` for a byte location. */
export function offsetIn(statement: ParsedStatement, location: number): number {
  return statement.at(location) - statement.start
}
