import type { Node, ParseResult } from 'libpg-query'
import { splitStatements } from './lexer.ts'
import type { SourceText } from './text.ts'

type Parser = (sql: string) => ParseResult

/** One parsed statement of a file. `at` turns the parser's byte offsets into offsets of the file's text. */
export interface ParsedStatement {
  source: SourceText
  node: Node
  start: number
  end: number
  /** Text of the statement without its semicolon. */
  sql: string
  /** Offset in the file for a byte offset (`location`) inside this statement; the statement's start when unknown. */
  at(location: number | undefined): number
}

export interface FailedStatement {
  source: SourceText
  start: number
  end: number
  sql: string
  /** What the parser said. */
  error: string
}

export interface CopiedRows {
  source: SourceText
  start: number
  sql: string
  copyRows: number
}

export type ScriptItem = ParsedStatement | FailedStatement | CopiedRows

let loading: Promise<Parser> | undefined

/** Loads the WASM parser once; about 30 ms. */
export function loadParser(): Promise<Parser> {
  loading ??= import('libpg-query').then(async module => {
    await module.loadModule()
    return module.parseSync
  })
  return loading
}

/** Statements of a script, each parsed alone so that a bad one costs only itself. */
export function parseScript(parser: Parser, source: SourceText): ScriptItem[] {
  return splitStatements(source.text).map(span => {
    const sql = source.text.slice(span.start, span.end)
    if (span.copyRows !== undefined) return { source, start: span.start, sql, copyRows: span.copyRows }
    return parseStatement(parser, source, sql, span.start)
  })
}

/**
 * Parses one statement that begins at `start` of the source. For statements inside quoted bodies `sql` may differ from
 * the file's text; positions then point at `start`.
 */
export function parseStatement(
  parser: Parser,
  source: SourceText,
  sql: string,
  start: number,
): ParsedStatement | FailedStatement {
  const end = start + sql.length
  try {
    const node = parser(sql).stmts?.[0]?.stmt
    if (!node) return { source, start, end, sql, error: 'no statement' }
    return { source, node, start, end, sql, at: offsetMapper(sql, start) }
  } catch (error) {
    return { source, start, end, sql, error: error instanceof Error ? error.message : String(error) }
  }
}

function offsetMapper(sql: string, start: number): (location: number | undefined) => number {
  let ascii: boolean | undefined
  let bytes: Buffer | undefined
  return location => {
    if (location === undefined || location < 0) return start
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
    ascii ??= /^[\x00-\x7f]*$/.test(sql)
    if (ascii) return start + location
    bytes ??= Buffer.from(sql, 'utf8')
    return start + bytes.subarray(0, location).toString('utf8').length
  }
}
