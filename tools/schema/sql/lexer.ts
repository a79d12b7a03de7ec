/**
 * A lexer for PostgreSQL text: just enough to find statement boundaries, comments and parenthesised spans without
 * a parse. libpg-query gives no extent for expressions and loses a whole file to one bad statement; this does neither.
 */

export type TokenKind = 'word' | 'quoted' | 'string' | 'dollar' | 'number' | 'punct' | 'copy-data'

export interface Token {
  kind: TokenKind
  /** UTF-16 offsets into the text, end exclusive. */
  start: number
  end: number
}

export interface StatementSpan {
  /** Offset of the first token (leading comments and blanks left out). */
  start: number
  /** Offset after the last token, the semicolon left out. */
  end: number
  /** Rows of COPY … FROM stdin data that follow the statement. */
  copyRows?: number
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/
const WORD_PART = /[A-Za-z0-9_$\u0080-\uffff]/
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y

/** All tokens of `text` between two offsets. Unterminated strings run to the end. */
export function* tokens(text: string, from = 0, to = text.length): Generator<Token> {
  let at = from
  while (at < to) {
    const char = text[at]!
    if (char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f' || char === '\ufeff') {
      at++
      continue
    }
    if (char === '-' && text[at + 1] === '-') {
      at = lineEnd(text, at, to)
      continue
    }
    if (char === '/' && text[at + 1] === '*') {
      at = blockCommentEnd(text, at, to)
      continue
    }
    const start = at
    if (char === "'") {
      at = quotedEnd(text, at, to, "'", false)
      yield { kind: 'string', start, end: at }
    } else if (char === '"') {
      at = quotedEnd(text, at, to, '"', false)
      yield { kind: 'quoted', start, end: at }
    } else if (char === '$') {
      DOLLAR_TAG.lastIndex = at
      const tag = DOLLAR_TAG.exec(text)?.[0]
      if (tag === undefined) {
        at++
        yield { kind: 'punct', start, end: at }
      } else {
        const close = text.indexOf(tag, at + tag.length)
        at = close < 0 || close + tag.length > to ? to : close + tag.length
        yield { kind: 'dollar', start, end: at }
      }
    } else if (WORD_START.test(char)) {
      const next = text[at + 1]
      if ((char === 'E' || char === 'e') && next === "'") {
        at = quotedEnd(text, at + 1, to, "'", true)
        yield { kind: 'string', start, end: at }
        continue
      }
      if ('bBxXnN'.includes(char) && next === "'") {
        at = quotedEnd(text, at + 1, to, "'", false)
        yield { kind: 'string', start, end: at }
        continue
      }
      at++
      while (at < to && WORD_PART.test(text[at]!)) at++
      yield { kind: 'word', start, end: at }
    } else if (char >= '0' && char <= '9') {
      at++
      while (at < to && /[0-9A-Za-z_.]/.test(text[at]!)) at++
      yield { kind: 'number', start, end: at }
    } else {
      at++
      yield { kind: 'punct', start, end: at }
    }
  }
}

/**
 * Statements of an SQL script in order. Knows dollar quoting, nested comments, `BEGIN ATOMIC … END` bodies,
 * psql's backslash commands and COPY data.
 */
export function splitStatements(text: string): StatementSpan[] {
  const spans: StatementSpan[] = []
  let at = 0
  while (at < text.length) {
    const next = readStatement(text, at)
    if (next.span) spans.push(next.span)
    at = next.resume
  }
  return spans
}

function readStatement(text: string, from: number): { span?: StatementSpan; resume: number } {
  let span: StatementSpan | undefined
  let parentheses = 0
  let atomic = 0
  let previous = ''
  let first = ''
  let words = 0
  // Only CREATE RULE may hold semicolons in parentheses; anywhere else they are a typing error that must not eat the rest.
  let rule = false
  for (const token of tokens(text, from)) {
    const char = text[token.start]!
    if (char === '\\' && !span) return { resume: lineEnd(text, token.start, text.length) }
    if (token.kind === 'punct') {
      if (char === '(') parentheses++
      else if (char === ')') parentheses = Math.max(0, parentheses - 1)
      else if (char === ';' && (parentheses === 0 || !rule) && atomic === 0) {
        return finish(text, span, token.end, first)
      }
    }
    if (token.kind === 'word') {
      const word = text.slice(token.start, token.end).toUpperCase()
      if (!first) first = word
      if (words++ < 4 && first === 'CREATE' && word === 'RULE') rule = true
      if (word === 'ATOMIC' && previous === 'BEGIN') atomic = 1
      else if (atomic > 0 && word === 'CASE') atomic++
      else if (atomic > 0 && word === 'END') atomic--
      previous = word
    } else previous = ''
    if (span) span.end = token.end
    else span = { start: token.start, end: token.end }
  }
  return span ? { span, resume: text.length } : { resume: text.length }
}

function finish(
  text: string,
  span: StatementSpan | undefined,
  after: number,
  first: string,
): { span?: StatementSpan; resume: number } {
  if (!span) return { resume: after }
  if (first !== 'COPY' || !/\bfrom\s+stdin\b/i.test(text.slice(span.start, span.end))) return { span, resume: after }
  const dataStart = lineEnd(text, after, text.length) + 1
  const terminator = /^\\\.[ \t]*\r?$/m
  const data = text.slice(dataStart)
  const match = terminator.exec(data)
  const body = match ? data.slice(0, match.index) : data
  span.copyRows = body.length === 0 ? 0 : body.split('\n').length - (body.endsWith('\n') ? 1 : 0)
  return { span, resume: match ? dataStart + match.index + match[0].length : text.length }
}

/** Offset after the parenthesis that closes the one at `open`; `text.length` when it never closes. */
export function closingParenthesis(text: string, open: number, to = text.length): number {
  let depth = 0
  for (const token of tokens(text, open, to)) {
    if (token.kind !== 'punct') continue
    const char = text[token.start]
    if (char === '(') depth++
    else if (char === ')' && --depth === 0) return token.end
  }
  return to
}

function lineEnd(text: string, at: number, to: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 || end > to ? to : end
}

function blockCommentEnd(text: string, at: number, to: number): number {
  let depth = 0
  let i = at
  while (i < to) {
    if (text[i] === '/' && text[i + 1] === '*') {
      depth++
      i += 2
    } else if (text[i] === '*' && text[i + 1] === '/') {
      depth--
      i += 2
      if (depth === 0) return i
    } else i++
  }
  return to
}

function quotedEnd(text: string, at: number, to: number, quote: string, backslash: boolean): number {
  let i = at + 1
  while (i < to) {
    if (backslash && text[i] === '\\') i += 2
    else if (text[i] === quote) {
      if (text[i + 1] === quote) i += 2
      else return i + 1
    } else i++
  }
  return to
}
