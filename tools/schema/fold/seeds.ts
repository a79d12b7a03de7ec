import type { FuncCall, InsertStmt, Node, SelectStmt } from 'libpg-query'
import { constantText, relationName, stringsOf } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { type Catalog, extent, findTable, touchTable } from './catalog.ts'

/** Counts the rows of an INSERT, and takes note of storage buckets. */
export function insertRows(catalog: Catalog, statement: ParsedStatement, stmt: InsertStmt): void {
  const name = relationName(stmt.relation)
  if (name.schema === 'storage' && name.name === 'buckets') {
    addBuckets(catalog, statement, stmt)
    return
  }
  const rows = stmt.selectStmt && 'SelectStmt' in stmt.selectStmt ? rowCount(stmt.selectStmt.SelectStmt) : 1
  const table = findTable(catalog, name) ?? touchTable(catalog, name, extent(statement))
  table.seededRows += rows
}

/** Rows that a query certainly returns as far as its text tells: VALUES, generate_series over literals, bare SELECT. */
export function rowCount(select: SelectStmt): number {
  if (select.valuesLists) return select.valuesLists.length
  if (select.larg && select.rarg) return rowCount(select.larg) + rowCount(select.rarg)
  const limit = Number(constantText(select.limitCount) ?? Number.NaN)
  const sources = (select.fromClause ?? []).map(sourceRows)
  const rows = sources.reduce((product, count) => product * count, select.whereClause && sources.length === 0 ? 0 : 1)
  return Number.isNaN(limit) ? rows : Math.min(rows, limit)
}

function sourceRows(node: Node): number {
  if ('RangeSubselect' in node) {
    const { subquery } = node.RangeSubselect
    return subquery && 'SelectStmt' in subquery ? rowCount(subquery.SelectStmt) : 0
  }
  if ('RangeFunction' in node) {
    const first = node.RangeFunction.functions?.[0]
    const call = first && 'List' in first ? first.List.items?.[0] : undefined
    return call && 'FuncCall' in call ? seriesRows(call.FuncCall) : 0
  }
  if ('JoinExpr' in node) {
    const { larg, rarg, quals } = node.JoinExpr
    const left = larg ? sourceRows(larg) : 0
    const right = rarg ? sourceRows(rarg) : 0
    return quals ? Math.max(left, right) : left * right
  }
  return 0
}

function seriesRows(call: FuncCall): number {
  if (stringsOf(call.funcname).at(-1) !== 'generate_series') return 0
  const [from, to, step = 1] = (call.args ?? []).map(node => Number(constantText(node) ?? Number.NaN))
  if (from === undefined || to === undefined || step === 0) return 0
  const rows = Math.floor((to - from) / step) + 1
  return Number.isFinite(rows) ? Math.max(0, rows) : 0
}

function addBuckets(catalog: Catalog, statement: ParsedStatement, stmt: InsertStmt): void {
  const columns = (stmt.cols ?? []).flatMap(node =>
    'ResTarget' in node && node.ResTarget.name ? [node.ResTarget.name] : [],
  )
  const select = stmt.selectStmt && 'SelectStmt' in stmt.selectStmt ? stmt.selectStmt.SelectStmt : undefined
  const rows = select?.valuesLists?.map(row => ('List' in row ? (row.List.items ?? []) : [])) ?? [
    (select?.targetList ?? []).flatMap(node => ('ResTarget' in node && node.ResTarget.val ? [node.ResTarget.val] : [])),
  ]
  for (const row of rows) {
    const id = constantText(row[columns.indexOf('id')] ?? row[columns.indexOf('name')])
    if (id === undefined) continue
    const open = constantText(row[columns.indexOf('public')])
    if (catalog.buckets.has(id) && stmt.onConflictClause?.action === 'ONCONFLICT_NOTHING') continue
    catalog.buckets.set(id, { id, public: open === 'true' || open === 't', location: extent(statement) })
  }
}
