import { splitStatements } from '../sql/lexer.ts'
import {
  type CopiedRows,
  type FailedStatement,
  type ParsedStatement,
  parseScript,
  parseStatement,
  type ScriptItem,
} from '../sql/parse.ts'
import type { SourceText } from '../sql/text.ts'
import { applyStatement } from './apply.ts'
import { blockParts } from './blocks.ts'
import { type Catalog, touchTable } from './catalog.ts'
import { observe } from './operations.ts'

type Parser = Parameters<typeof parseScript>[0]

export interface FoldOptions {
  /** Only rows are counted: a seed file defines no schema. */
  seedsOnly?: boolean
}

/** Folds one SQL file into the catalog. Never throws: what cannot be understood becomes a problem with its place. */
export function foldFile(catalog: Catalog, parser: Parser, source: SourceText, options: FoldOptions = {}): void {
  foldItems(catalog, parser, parseScript(parser, source), options)
}

/** The same for a file that is parsed already. */
export function foldItems(catalog: Catalog, parser: Parser, items: ScriptItem[], options: FoldOptions = {}): void {
  catalog.searchPath = ['public']
  catalog.script = { statements: items.length, inBlock: false, lockTimeout: false }
  for (const item of items) {
    if ('copyRows' in item) countCopied(catalog, item)
    else if ('error' in item) reportFailure(catalog, item)
    else if (!options.seedsOnly || 'InsertStmt' in item.node) foldStatement(catalog, parser, item)
  }
}

function foldStatement(catalog: Catalog, parser: Parser, statement: ParsedStatement): void {
  try {
    if ('DoStmt' in statement.node) foldBlock(catalog, parser, statement)
    else {
      observe(catalog, statement)
      applyStatement(catalog, statement)
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    report(catalog, statement, statement.start, `not understood: ${message}`)
  }
}

function foldBlock(catalog: Catalog, parser: Parser, statement: ParsedStatement): void {
  if (!('DoStmt' in statement.node)) return
  for (const part of blockParts(statement, statement.node.DoStmt)) {
    if (part.kind === 'dynamic') {
      if (/\b(create|alter|drop)\b/i.test(part.sql)) {
        report(catalog, statement, part.start, 'DO block builds DDL at run time; what it defines is not known')
      }
      continue
    }
    for (const span of splitStatements(part.sql)) {
      const sql = part.sql.slice(span.start, span.end)
      const inner = parseStatement(
        parser,
        statement.source,
        sql,
        part.start + (part.kind === 'static' ? span.start : 0),
      )
      // Statements that use PL/pgSQL variables in places where SQL has none do not parse; they define no fixed object.
      if ('error' in inner) continue
      observeInBlock(catalog, inner)
      applyStatement(catalog, inner)
    }
  }
}

/** A DO block is one statement, and runs in one transaction. */
function observeInBlock(catalog: Catalog, statement: ParsedStatement): void {
  const { script } = catalog
  const before = script.inBlock
  script.inBlock = true
  observe(catalog, statement)
  script.inBlock = before
}

function countCopied(catalog: Catalog, item: CopiedRows): void {
  const match = /^copy\s+(?:only\s+)?(?:"?([^\s".(]+)"?\.)?"?([^\s".(]+)"?/i.exec(item.sql)
  if (!match?.[2]) return
  const location = { file: item.source.file, line: item.source.line(item.start) }
  touchTable(catalog, { schema: match[1], name: match[2] }, location).seededRows += item.copyRows
}

function reportFailure(catalog: Catalog, item: FailedStatement): void {
  report(catalog, item, item.start, `does not parse: ${item.error}`)
}

function report(catalog: Catalog, { source }: { source: SourceText }, start: number, message: string): void {
  catalog.problems.push({ location: { file: source.file, line: source.line(start) }, message })
}
