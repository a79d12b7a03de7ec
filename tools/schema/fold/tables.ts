import type { AlterTableCmd, AlterTableStmt, ColumnDef, CreateStmt, CreateTableAsStmt } from 'libpg-query'
import type { SchemaColumn } from '../model.ts'
import { relationName, serialType, typeText } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { lineAt } from '../sql/spans.ts'
import {
  type Catalog,
  creationSchema,
  type DraftTable,
  defineTable,
  draftTable,
  extent,
  findTable,
  place,
  touchTable,
} from './catalog.ts'
import { addConstraint, defaultText, isConstraint, setNotNull } from './constraints.ts'
import { outputColumns, securityInvoker } from './views.ts'

export function createTable(catalog: Catalog, statement: ParsedStatement, create: CreateStmt): void {
  const name = relationName(create.relation)
  const temporary = create.relation?.relpersistence === 't'
  const schema = name.schema ?? (temporary ? 'pg_temp' : creationSchema(catalog))
  if (catalog.tables.get(`${schema}.${name.name}`)?.defined) return
  const table = draftTable(schema, name.name, 'table', extent(statement))
  if (create.relation?.relpersistence === 'u') table.persistence = 'unlogged'
  if (temporary) table.persistence = 'temporary'
  inheritColumns(catalog, table, create)
  defineTable(catalog, table)
  const elements = [...(create.tableElts ?? []), ...(create.constraints ?? [])]
  for (const element of elements) {
    if ('ColumnDef' in element) addColumn(catalog, statement, table, element.ColumnDef)
    if ('TableLikeClause' in element) likeTable(catalog, table, element.TableLikeClause.relation)
  }
  for (const element of elements) {
    if (isConstraint(element)) addConstraint(catalog, statement, table, element.Constraint)
  }
  mergeEqualKeys(table)
}

/** `id uuid unique primary key` makes one index, as transformIndexConstraints of PostgreSQL does. */
function mergeEqualKeys(table: DraftTable): void {
  const primary = table.constraints.find(({ kind }) => kind === 'primary-key')
  const seen = new Set(primary ? [primary.columns.join()] : [])
  table.constraints = table.constraints.filter(constraint => {
    if (constraint.kind !== 'unique') return true
    const key = constraint.columns.join()
    return seen.has(key) ? false : seen.add(key)
  })
}

function inheritColumns(catalog: Catalog, table: DraftTable, create: CreateStmt): void {
  for (const node of create.inhRelations ?? []) {
    if (!('RangeVar' in node)) continue
    const parent = findTable(catalog, relationName(node.RangeVar))
    if (!parent) {
      table.unknown.push('columns')
      continue
    }
    table.columns.push(...parent.columns.map(column => ({ ...column })))
    if (!create.partbound) continue
    table.partitionOf = `${parent.schema}.${parent.name}`
    const keys = parent.constraints.filter(({ kind }) => kind === 'primary-key' || kind === 'unique')
    table.constraints.push(...keys.map(key => ({ ...key, name: key.name.replace(parent.name, table.name) })))
  }
}

function likeTable(catalog: Catalog, table: DraftTable, relation: Parameters<typeof relationName>[0]): void {
  const model = findTable(catalog, relationName(relation))
  if (model) table.columns.push(...model.columns.map(column => ({ ...column })))
  else table.unknown.push('columns')
}

export function createTableAs(catalog: Catalog, statement: ParsedStatement, create: CreateTableAsStmt): void {
  const name = relationName(create.into?.rel)
  const schema = name.schema ?? (create.into?.rel?.relpersistence === 't' ? 'pg_temp' : creationSchema(catalog))
  if (catalog.tables.get(`${schema}.${name.name}`)?.defined) return
  const kind = create.objtype === 'OBJECT_MATVIEW' ? 'materialized-view' : 'table'
  const table = draftTable(schema, name.name, kind, extent(statement))
  const output = outputColumns(catalog, create.query, extent(statement))
  table.columns = output.columns
  if (!output.complete) table.unknown.push('columns')
  if (kind === 'materialized-view') table.definition = statement.sql
  defineTable(catalog, table)
}

/** Adds a column with its own constraints; a column that is already there stays as it is. */
export function addColumn(
  catalog: Catalog,
  statement: ParsedStatement,
  table: DraftTable,
  definition: ColumnDef,
): void {
  const name = definition.colname ?? ''
  if (table.columns.some(column => column.name === name)) return
  const serial = serialType(definition.typeName)
  const column: SchemaColumn = {
    name,
    type: serial ?? typeText(definition.typeName),
    notNull: serial !== undefined || definition.is_not_null === true,
    location: { file: statement.source.file, line: lineAt(statement, definition.location) },
  }
  if (serial) {
    column.identity = 'serial'
    column.default = `nextval('${table.name}_${name}_seq'::regclass)`
  }
  table.columns.push(column)
  for (const node of definition.constraints ?? []) {
    if (isConstraint(node)) addConstraint(catalog, statement, table, node.Constraint, column)
  }
}

export function alterTable(catalog: Catalog, statement: ParsedStatement, alter: AlterTableStmt): void {
  const name = relationName(alter.relation)
  if (alter.objtype === 'OBJECT_VIEW' || alter.objtype === 'OBJECT_MATVIEW') {
    alterView(catalog, alter)
    return
  }
  if (alter.objtype !== 'OBJECT_TABLE') return
  const table = touchTable(catalog, name, extent(statement))
  for (const node of alter.cmds ?? []) {
    if ('AlterTableCmd' in node) alterCommand(catalog, statement, table, node.AlterTableCmd)
  }
}

function alterView(catalog: Catalog, alter: AlterTableStmt): void {
  const view = findTable(catalog, relationName(alter.relation))
  if (!view) return
  for (const node of alter.cmds ?? []) {
    if (!('AlterTableCmd' in node)) continue
    const { subtype, def } = node.AlterTableCmd
    if (subtype !== 'AT_SetRelOptions' && subtype !== 'AT_ResetRelOptions') continue
    const invoker = securityInvoker(def && 'List' in def ? def.List.items : undefined)
    if (invoker !== undefined) view.securityInvoker = subtype === 'AT_SetRelOptions' && invoker
  }
}

function alterCommand(catalog: Catalog, statement: ParsedStatement, table: DraftTable, command: AlterTableCmd): void {
  const { subtype, name = '', def } = command
  const column = table.columns.find(candidate => candidate.name === name)
  switch (subtype) {
    case 'AT_AddColumn':
      if (def && 'ColumnDef' in def) addColumn(catalog, statement, table, def.ColumnDef)
      return
    case 'AT_DropColumn':
      dropColumn(catalog, table, name)
      return
    case 'AT_AddConstraint':
      if (def && isConstraint(def)) addConstraint(catalog, statement, table, def.Constraint)
      return
    case 'AT_DropConstraint':
      table.constraints = table.constraints.filter(constraint => constraint.name !== name)
      return
    case 'AT_SetNotNull':
    case 'AT_DropNotNull':
      setNotNull(table, name, subtype === 'AT_SetNotNull')
      return
    case 'AT_AlterColumnType':
      if (!column || !def || !('ColumnDef' in def)) return
      column.type = typeText(def.ColumnDef.typeName)
      column.location = place(statement, def.ColumnDef.location)
      return
    case 'AT_ColumnDefault':
      if (!column) return
      column.default = def ? setDefaultText(statement, name) : undefined
      if (column.default?.toLowerCase().startsWith('nextval(')) column.identity = 'serial'
      else if (column.identity === 'serial') delete column.identity
      return
    case 'AT_AddIdentity':
      if (column) column.identity = 'by-default'
      return
    case 'AT_DropIdentity':
      if (column) delete column.identity
      return
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
      table.rowLevelSecurity = subtype === 'AT_EnableRowSecurity'
      return
    case 'AT_ForceRowSecurity':
    case 'AT_NoForceRowSecurity':
      table.forceRowLevelSecurity = subtype === 'AT_ForceRowSecurity'
      return
    case 'AT_AttachPartition': {
      const child = def && 'PartitionCmd' in def ? findTable(catalog, relationName(def.PartitionCmd.name)) : undefined
      if (child) child.partitionOf = `${table.schema}.${table.name}`
      return
    }
    case 'AT_SetUnLogged':
      table.persistence = 'unlogged'
      return
    case 'AT_SetLogged':
      delete table.persistence
      return
    default:
      return
  }
}

/** Text of the default in `ALTER COLUMN name SET DEFAULT …`. */
function setDefaultText(statement: ParsedStatement, column: string): string | undefined {
  const escaped = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`\\b"?${escaped}"?\\s+SET\\s+(?=DEFAULT\\b)`, 'i').exec(statement.sql)
  if (!match) return undefined
  const offset = Buffer.byteLength(statement.sql.slice(0, match.index + match[0].length))
  return defaultText(statement, offset)
}

/** Dropping a column drops what needs it: its constraints, indexes, and foreign keys of others that point at it. */
function dropColumn(catalog: Catalog, table: DraftTable, name: string): void {
  table.columns = table.columns.filter(column => column.name !== name)
  table.constraints = table.constraints.filter(constraint => !constraint.columns.includes(name))
  table.indexes = table.indexes.filter(index => !index.columns.includes(name) && !index.include?.includes(name))
  for (const other of catalog.tables.values()) {
    other.constraints = other.constraints.filter(
      ({ foreign }) =>
        foreign?.table !== table.name || foreign.schema !== table.schema || !foreign.references.includes(name),
    )
  }
}

export function renameTable(catalog: Catalog, key: string, to: { schema?: string; name?: string }): void {
  const table = catalog.tables.get(key)
  if (!table) return
  const schema = to.schema ?? table.schema
  const name = to.name ?? table.name
  for (const other of catalog.tables.values()) {
    for (const { foreign } of other.constraints) {
      if (foreign?.schema === table.schema && foreign.table === table.name)
        Object.assign(foreign, { schema, table: name })
    }
  }
  for (const trigger of catalog.triggers.values()) {
    if (trigger.schema === table.schema && trigger.table === table.name) Object.assign(trigger, { schema, table: name })
  }
  catalog.tables.delete(key)
  catalog.dropped.add(key)
  if (catalog.realtimeTables.delete(key)) catalog.realtimeTables.add(`${schema}.${name}`)
  Object.assign(table, { schema, name })
  catalog.tables.set(`${schema}.${name}`, table)
}

export function renameColumn(
  catalog: Catalog,
  statement: ParsedStatement,
  key: string,
  from: string,
  to: string,
): void {
  const table = catalog.tables.get(key)
  if (!table) return
  const column = table.columns.find(candidate => candidate.name === from)
  if (column) {
    column.name = to
    column.location = extent(statement)
  }
  const swap = (name: string) => (name === from ? to : name)
  for (const constraint of table.constraints) constraint.columns = constraint.columns.map(swap)
  for (const index of table.indexes) {
    index.columns = index.columns.map(swap)
    for (const part of index.keys ?? []) if (part.column) part.column = swap(part.column)
  }
  for (const other of catalog.tables.values()) {
    for (const { foreign } of other.constraints) {
      if (foreign?.schema === table.schema && foreign.table === table.name) {
        foreign.references = foreign.references.map(swap)
      }
    }
  }
}
