import type { IndexStmt } from 'libpg-query'
import type { SchemaIndex } from '../model.ts'
import { qualified, relationName } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { findKeywords, leadingExpression, listElements, offsetIn } from '../sql/spans.ts'
import { type Catalog, extent, type Name, touchTable } from './catalog.ts'
import { freeName } from './constraints.ts'

export function createIndex(catalog: Catalog, statement: ParsedStatement, stmt: IndexStmt): void {
  const table = touchTable(catalog, relationName(stmt.relation), extent(statement))
  const texts = elementTexts(statement, stmt)
  const keys = (stmt.indexParams ?? []).flatMap((node, i) => {
    if (!('IndexElem' in node)) return []
    const element = node.IndexElem
    const descending = element.ordering === 'SORTBY_DESC'
    const nulls = element.nulls_ordering
    const nullsFirst = nulls === 'SORTBY_NULLS_FIRST' || (nulls !== 'SORTBY_NULLS_LAST' && descending)
    const opclass = qualified(element.opclass).name || undefined
    const part = element.name ? { column: element.name } : { expression: leadingExpression(texts[i] ?? '') }
    return [{ ...part, ...(opclass && { opclass }), descending, nullsFirst }]
  })
  const columns = keys.map(key => key.column ?? `(${key.expression})`)
  const name =
    stmt.idxname ??
    freeName(
      catalog,
      table,
      keys.map(key => key.column ?? 'expr'),
      'idx',
    )
  if (hasIndex(catalog, table.schema, name)) return
  const include = (stmt.indexIncludingParams ?? []).flatMap(node =>
    'IndexElem' in node && node.IndexElem.name ? [node.IndexElem.name] : [],
  )
  const where = stmt.whereClause ? findKeywords(statement.sql, ['WHERE']) : undefined
  const index: SchemaIndex = {
    name,
    columns,
    unique: stmt.unique === true,
    partial: stmt.whereClause !== undefined,
    method: stmt.accessMethod ?? 'btree',
    location: extent(statement),
    keys,
    ...(include.length > 0 && { include }),
    ...(where && { predicate: statement.sql.slice(where.end).trim() }),
    ...(stmt.concurrent && { concurrently: true }),
  }
  table.indexes.push(index)
}

/** Source texts of the key elements: the first parentheses after the table's name. */
function elementTexts(statement: ParsedStatement, stmt: IndexStmt): string[] {
  const open = statement.sql.indexOf('(', offsetIn(statement, stmt.relation?.location ?? -1))
  return open < 0 ? [] : listElements(statement.sql, open).map(element => element.text)
}

function hasIndex(catalog: Catalog, schema: string, name: string): boolean {
  for (const table of catalog.tables.values()) {
    if (table.schema !== schema) continue
    if (table.indexes.some(index => index.name === name)) return true
    if (
      table.constraints.some(({ kind, name: own }) => own === name && (kind === 'primary-key' || kind === 'unique'))
    ) {
      return true
    }
  }
  return false
}

export function dropIndex(catalog: Catalog, { schema, name }: Name): void {
  for (const table of catalog.tables.values()) {
    if (schema ? table.schema !== schema : !catalog.searchPath.includes(table.schema)) continue
    table.indexes = table.indexes.filter(index => index.name !== name)
  }
}

export function renameIndex(catalog: Catalog, { name }: Name, to: string): void {
  for (const table of catalog.tables.values()) {
    for (const index of table.indexes) if (index.name === name) index.name = to
    for (const constraint of table.constraints) if (constraint.name === name) constraint.name = to
  }
}
