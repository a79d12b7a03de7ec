import type { CreateTrigStmt } from 'libpg-query'
import type { SchemaTrigger } from '../model.ts'
import { qualified, relationName } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { clause } from '../sql/spans.ts'
import { type Catalog, extent, tableKey } from './catalog.ts'

/** Bits of tgtype (src/include/catalog/pg_trigger.h). */
const BEFORE = 2
const INSTEAD = 64
const EVENTS: [number, SchemaTrigger['events'][number]][] = [
  [4, 'insert'],
  [16, 'update'],
  [8, 'delete'],
  [32, 'truncate'],
]

export function createTrigger(catalog: Catalog, statement: ParsedStatement, stmt: CreateTrigStmt): void {
  const key = tableKey(catalog, relationName(stmt.relation))
  const { schema, name } = qualified(stmt.funcname)
  const timing = stmt.timing ?? 0
  const events = stmt.events ?? 0
  const when = stmt.whenClause ? clause(statement.sql, 'WHEN') : undefined
  const id = triggerKey(key, stmt.trigname ?? '')
  if (catalog.triggers.has(id) && !stmt.replace) return
  catalog.triggers.set(id, {
    name: stmt.trigname ?? '',
    schema: key.slice(0, key.indexOf('.')),
    table: key.slice(key.indexOf('.') + 1),
    timing: timing & BEFORE ? 'before' : timing & INSTEAD ? 'instead-of' : 'after',
    events: EVENTS.filter(([bit]) => events & bit).map(([, event]) => event),
    perRow: stmt.row === true,
    function: schema ? `${schema}.${name}` : name,
    ...(when !== undefined && { when }),
    location: extent(statement),
  })
}

export function triggerKey(table: string, name: string): string {
  return `${table}:${name}`
}
