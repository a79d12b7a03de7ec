import type { Constraint, Node } from 'libpg-query'
import type { SchemaColumn } from '../model.ts'
import { relationName, stringsOf } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { elementEnd, offsetIn, parenthesised } from '../sql/spans.ts'
import { type Catalog, chooseName, type DraftConstraint, type DraftTable, place, tableKey } from './catalog.ts'

const ACTIONS: Record<string, string> = { c: 'cascade', n: 'set null', d: 'set default', r: 'restrict' }

/** Adds a table constraint, or a column constraint of `column`, to a table. */
export function addConstraint(
  catalog: Catalog,
  statement: ParsedStatement,
  table: DraftTable,
  constraint: Constraint,
  column?: SchemaColumn,
): void {
  const own = column ? [column.name] : undefined
  const location = place(statement, constraint.location)
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      for (const name of own ?? stringsOf(constraint.keys)) setNotNull(table, name, true)
      return
    case 'CONSTR_DEFAULT':
      if (column) column.default = defaultText(statement, constraint.location)
      return
    case 'CONSTR_IDENTITY':
      if (column) {
        column.identity = constraint.generated_when === 'a' ? 'always' : 'by-default'
        column.notNull = true
      }
      return
    case 'CONSTR_GENERATED':
      if (column) column.generated = true
      return
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      addKey(catalog, table, constraint, own, location)
      return
    case 'CONSTR_FOREIGN':
      addForeignKey(catalog, table, constraint, own, location)
      return
    case 'CONSTR_CHECK': {
      const expression = parenthesised(statement.sql, offsetIn(statement, constraint.location ?? -1)) ?? ''
      const name = constraint.conname ?? freeName(catalog, table, own ?? checkColumns(table, expression), 'check')
      push(table, { name, kind: 'check', columns: own ?? [], location, expression })
      return
    }
    default:
      return
  }
}

function addKey(
  catalog: Catalog,
  table: DraftTable,
  constraint: Constraint,
  own: string[] | undefined,
  location: DraftConstraint['location'],
): void {
  const kind =
    constraint.contype === 'CONSTR_PRIMARY'
      ? 'primary-key'
      : constraint.contype === 'CONSTR_UNIQUE'
        ? 'unique'
        : 'exclusion'
  const index = constraint.indexname && table.indexes.find(candidate => candidate.name === constraint.indexname)
  const columns = index ? index.columns : (own ?? keyColumns(constraint))
  if (index) table.indexes = table.indexes.filter(candidate => candidate !== index)
  if (kind === 'primary-key' && table.constraints.some(existing => existing.kind === kind)) return
  const label = kind === 'primary-key' ? 'pkey' : kind === 'unique' ? 'key' : 'excl'
  const name =
    constraint.conname ?? (index ? index.name : freeName(catalog, table, kind === 'primary-key' ? [] : columns, label))
  if (kind === 'primary-key') for (const column of columns) setNotNull(table, column, true)
  push(table, {
    name,
    kind,
    columns,
    location,
    method: constraint.access_method || 'btree',
    partial: constraint.where_clause !== undefined,
  })
}

function keyColumns(constraint: Constraint): string[] {
  if (constraint.contype !== 'CONSTR_EXCLUSION') return stringsOf(constraint.keys)
  return (constraint.exclusions ?? []).flatMap(node => {
    const element = 'List' in node ? node.List.items?.[0] : undefined
    return element && 'IndexElem' in element && element.IndexElem.name ? [element.IndexElem.name] : ['(expression)']
  })
}

function addForeignKey(
  catalog: Catalog,
  table: DraftTable,
  constraint: Constraint,
  own: string[] | undefined,
  location: DraftConstraint['location'],
): void {
  const columns = own ?? stringsOf(constraint.fk_attrs)
  const key = tableKey(catalog, relationName(constraint.pktable))
  const target = catalog.tables.get(key) ?? (key === `${table.schema}.${table.name}` ? table : undefined)
  const named = stringsOf(constraint.pk_attrs)
  const references =
    named.length > 0 ? named : (target?.constraints.find(existing => existing.kind === 'primary-key')?.columns ?? [])
  push(table, {
    name: constraint.conname ?? freeName(catalog, table, columns, 'fkey'),
    kind: 'foreign-key',
    columns,
    location,
    foreign: {
      schema: key.slice(0, key.indexOf('.')),
      table: key.slice(key.indexOf('.') + 1),
      references: references.length > 0 ? references : columns.length === 1 ? ['id'] : [],
      onDelete: ACTIONS[constraint.fk_del_action ?? ''],
      onUpdate: ACTIONS[constraint.fk_upd_action ?? ''],
    },
  })
}

function push(table: DraftTable, constraint: DraftConstraint): void {
  if (table.constraints.some(existing => existing.name === constraint.name)) return
  table.constraints.push(constraint)
}

/** Constraint names are free when neither a constraint of the table nor a relation of its schema has them. */
export function freeName(catalog: Catalog, table: DraftTable, columns: string[], label: string): string {
  return chooseName(table.name, columns, label, name => {
    if (table.constraints.some(existing => existing.name === name)) return true
    if (label === 'fkey' || label === 'check') return false
    for (const other of catalog.tables.values()) {
      if (other.schema === table.schema && other.indexes.some(index => index.name === name)) return true
    }
    return false
  })
}

/** A table CHECK is named after its column only when it uses exactly one. */
function checkColumns(table: DraftTable, expression: string): string[] {
  const words = new Set(expression.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [])
  const used = table.columns.filter(column => words.has(column.name))
  return used.length === 1 ? [used[0]!.name] : []
}

export function setNotNull(table: DraftTable, name: string, notNull: boolean): void {
  const column = table.columns.find(candidate => candidate.name === name)
  if (column) column.notNull = notNull
}

const COLUMN_CONSTRAINT =
  /\s+(?:(?:CONSTRAINT\s+\S+\s+)?(?:NOT\s+NULL|NULL|PRIMARY\s+KEY|UNIQUE|CHECK\s*\(|REFERENCES|GENERATED|COLLATE|DEFERRABLE)\b[\s\S]*)$/i

/** Text after DEFAULT up to the next column constraint or the end of the element. */
export function defaultText(statement: ParsedStatement, location: number | undefined): string | undefined {
  if (location === undefined) return undefined
  const from = offsetIn(statement, location)
  const text = statement.sql.slice(from, elementEnd(statement.sql, from)).replace(/^\s*default\s+/i, '')
  const constraint = COLUMN_CONSTRAINT.exec(text)
  return (constraint && balanced(text.slice(0, constraint.index)) ? text.slice(0, constraint.index) : text).trim()
}

function balanced(text: string): boolean {
  return text.split('(').length === text.split(')').length && text.split("'").length % 2 === 1
}

export function isConstraint(node: Node): node is { Constraint: Constraint } {
  return 'Constraint' in node
}
