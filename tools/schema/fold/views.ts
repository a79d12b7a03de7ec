import type { Node, SelectStmt, ViewStmt } from 'libpg-query'
import type { SourceLocation } from '../../gathered.ts'
import type { SchemaColumn } from '../model.ts'
import { relationName, stringOf, stringsOf, typeText } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { findKeywords } from '../sql/spans.ts'
import { type Catalog, creationSchema, type DraftTable, defineTable, draftTable, extent, findTable } from './catalog.ts'

export function createView(catalog: Catalog, statement: ParsedStatement, view: ViewStmt): void {
  const { schema = creationSchema(catalog), name } = relationName(view.view)
  const existing = catalog.tables.get(`${schema}.${name}`)
  if (existing?.defined && !view.replace) return
  const draft = draftTable(schema, name, 'view', extent(statement))
  const output = outputColumns(catalog, view.query, draft.location)
  const aliases = stringsOf(view.aliases)
  draft.columns = output.columns.map((column, i) => ({ ...column, name: aliases[i] ?? column.name }))
  if (!output.complete) draft.unknown.push('columns')
  const as = findKeywords(statement.sql, ['AS'])
  draft.definition = statement.sql.slice(as?.end ?? 0).trim()
  draft.securityInvoker = securityInvoker(view.options) ?? (existing?.defined ? existing.securityInvoker : false)
  defineTable(catalog, draft)
}

/** Names (and, for plain columns, types) of what a query returns; incomplete when a `*` cannot be expanded. */
export function outputColumns(
  catalog: Catalog,
  query: Node | undefined,
  location: SourceLocation,
): { columns: SchemaColumn[]; complete: boolean } {
  if (!query || !('SelectStmt' in query)) return { columns: [], complete: false }
  const select = leftmost(query.SelectStmt)
  const tables = fromTables(catalog, select.fromClause ?? [])
  const columns: SchemaColumn[] = []
  let complete = true
  for (const node of select.targetList ?? []) {
    if (!('ResTarget' in node)) continue
    const { name, val } = node.ResTarget
    if (val && 'ColumnRef' in val) {
      const fields = val.ColumnRef.fields ?? []
      const qualifier = fields.length > 1 ? stringOf(fields.at(-2)) : undefined
      const sources = tables.filter(({ alias }) => qualifier === undefined || alias === qualifier)
      const last = fields.at(-1)
      if (last && 'A_Star' in last) {
        if (sources.length === 0 || sources.some(({ table }) => !table)) complete = false
        for (const { table } of sources) {
          columns.push(...(table?.columns ?? []).map(column => ({ ...column, notNull: false, location })))
        }
        continue
      }
      const own = stringOf(last) ?? '?column?'
      const source = sources.flatMap(({ table }) => table?.columns ?? []).find(column => column.name === own)
      columns.push({ name: name ?? own, type: source?.type ?? 'unknown', notNull: false, location })
      continue
    }
    columns.push({ name: name ?? impliedName(val), type: castType(val), notNull: false, location })
  }
  return { columns, complete }
}

function leftmost(select: SelectStmt): SelectStmt {
  return select.larg ? leftmost(select.larg) : select
}

function fromTables(catalog: Catalog, nodes: Node[]): { alias: string; table: DraftTable | undefined }[] {
  return nodes.flatMap(node => {
    if ('RangeVar' in node) {
      const name = relationName(node.RangeVar)
      const table = findTable(catalog, name)
      return [{ alias: node.RangeVar.alias?.aliasname ?? name.name, table: table?.defined ? table : undefined }]
    }
    if ('JoinExpr' in node) {
      const { larg, rarg } = node.JoinExpr
      return fromTables(
        catalog,
        [larg, rarg].filter(side => side !== undefined),
      )
    }
    if ('RangeSubselect' in node) return [{ alias: node.RangeSubselect.alias?.aliasname ?? '', table: undefined }]
    return [{ alias: '', table: undefined }]
  })
}

function impliedName(value: Node | undefined): string {
  if (value && 'FuncCall' in value) return stringsOf(value.FuncCall.funcname).at(-1) ?? '?column?'
  if (value && 'TypeCast' in value) return impliedName(value.TypeCast.arg)
  if (value && 'CoalesceExpr' in value) return 'coalesce'
  if (value && 'CaseExpr' in value) return 'case'
  if (value && 'ColumnRef' in value) return stringOf(value.ColumnRef.fields?.at(-1)) ?? '?column?'
  return '?column?'
}

function castType(value: Node | undefined): string {
  return value && 'TypeCast' in value ? typeText(value.TypeCast.typeName) : 'unknown'
}

/** Value of the view option `security_invoker`, undefined when it is not among the options. */
export function securityInvoker(options: Node[] | undefined): boolean | undefined {
  for (const node of options ?? []) {
    if (!('DefElem' in node) || node.DefElem.defname !== 'security_invoker') continue
    const { arg } = node.DefElem
    const text = arg && 'TypeName' in arg ? stringsOf(arg.TypeName.names).at(-1) : stringOf(arg)
    return text === undefined || ['true', 'on', '1', 'yes'].includes(text.toLowerCase())
  }
  return undefined
}
