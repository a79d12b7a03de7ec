import type { DoStmt } from 'libpg-query'
import { stringOf } from '../sql/ast.ts'
import { tokens } from '../sql/lexer.ts'
import type { ParsedStatement } from '../sql/parse.ts'

export interface BlockPart {
  /** `static`: a statement as it stands. `literal`: EXECUTE of a constant string. `dynamic`: EXECUTE of anything else. */
  kind: 'static' | 'literal' | 'dynamic'
  sql: string
  /** Offset in the file. */
  start: number
}

const DDL = new Set(['CREATE', 'ALTER', 'DROP', 'INSERT', 'TRUNCATE', 'GRANT', 'REVOKE'])
const STARTERS = new Set(['BEGIN', 'THEN', 'ELSE', 'LOOP'])

/**
 * Statements inside a DO block that define schema. A PL/pgSQL body is read as a run of tokens: a DDL keyword at the
 * place where a statement may begin starts one, and the next semicolon ends it. Conditions are taken as met: the usual
 * `IF NOT EXISTS (…) THEN ALTER TABLE …` then means what its author meant.
 */
export function blockParts(statement: ParsedStatement, stmt: DoStmt): BlockPart[] {
  const body = bodyOf(stmt)
  const offset = body === undefined ? -1 : statement.sql.indexOf(body)
  if (body === undefined || offset < 0) return []
  const base = statement.start + offset
  const parts: BlockPart[] = []
  let atStart = false
  let open: { word: string; start: number } | undefined
  let parentheses = 0
  for (const token of tokens(body)) {
    const char = body[token.start]
    if (token.kind === 'punct') {
      if (char === '(') parentheses++
      if (char === ')') parentheses--
      if (char === ';') {
        if (open) parts.push(...partOf(body, open, token.start, base))
        open = undefined
        atStart = true
        parentheses = 0
      } else atStart = false
      continue
    }
    const word = token.kind === 'word' ? body.slice(token.start, token.end).toUpperCase() : ''
    if (!open && atStart && (DDL.has(word) || word === 'EXECUTE')) open = { word, start: token.start }
    atStart = !open && parentheses === 0 && STARTERS.has(word)
  }
  return parts
}

function bodyOf(stmt: DoStmt): string | undefined {
  for (const node of stmt.args ?? []) {
    if ('DefElem' in node && node.DefElem.defname === 'as') return stringOf(node.DefElem.arg)
  }
  return undefined
}

function partOf(body: string, open: { word: string; start: number }, end: number, base: number): BlockPart[] {
  const start = base + open.start
  const sql = body.slice(open.start, end)
  if (open.word !== 'EXECUTE') return [{ kind: 'static', sql, start }]
  const argument = [...tokens(sql)].slice(1)
  const only = argument[0]
  if (argument.length !== 1 || !only || (only.kind !== 'string' && only.kind !== 'dollar')) {
    return [{ kind: 'dynamic', sql, start }]
  }
  return [{ kind: 'literal', sql: unquote(sql.slice(only.start, only.end)), start }]
}

/** Value of a string literal or dollar-quoted string. */
export function unquote(literal: string): string {
  if (literal.startsWith('$')) {
    const tag = literal.slice(0, literal.indexOf('$', 1) + 1)
    return literal.slice(tag.length, literal.length - tag.length)
  }
  return literal.slice(literal.indexOf("'") + 1, -1).replaceAll("''", "'")
}
