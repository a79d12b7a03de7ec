import type { AlterTableCmd, ColumnDef, Constraint, Node } from 'libpg-query'
import type { SchemaOperation } from '../model.ts'
import { itemsOf, relationName, serialType, stringsOf, typeText } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { type Catalog, extent, findTable, type Name } from './catalog.ts'
import { isConstraint } from './constraints.ts'

/**
 * Notes the statements that lock, rewrite, break or lose something, with what the schema was before them. What a maintainer makes of it is
 * for the playbooks: here is only what the statement does.
 */
export function observe(catalog: Catalog, statement: ParsedStatement): void {
  const { node } = statement
  const { script } = catalog
  if ('TransactionStmt' in node) {
    const { kind } = node.TransactionStmt
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') script.inBlock = true
    if (kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK') script.inBlock = false
  } else if ('VariableSetStmt' in node) {
    if (node.VariableSetStmt.name === 'lock_timeout') script.lockTimeout = node.VariableSetStmt.kind === 'VAR_SET_VALUE'
  } else if ('IndexStmt' in node) {
    const { IndexStmt: index } = node
    const kind = 'create-index'
    note(catalog, statement, relationName(index.relation), {
      kind,
      name: index.idxname,
      ...isConcurrent(index.concurrent),
    })
  } else if ('AlterTableStmt' in node && node.AlterTableStmt.objtype === 'OBJECT_TABLE') {
    const table = relationName(node.AlterTableStmt.relation)
    for (const command of node.AlterTableStmt.cmds ?? []) {
      if ('AlterTableCmd' in command) observeAlter(catalog, statement, table, command.AlterTableCmd)
    }
  } else if ('DropStmt' in node) observeDrop(catalog, statement, node.DropStmt)
  else if ('RenameStmt' in node) {
    const { renameType, relation, subname } = node.RenameStmt
    if (renameType === 'OBJECT_TABLE') note(catalog, statement, relationName(relation), { kind: 'rename-table' })
    const isColumn = renameType === 'OBJECT_COLUMN' && node.RenameStmt.relationType === 'OBJECT_TABLE'
    if (isColumn) note(catalog, statement, relationName(relation), { kind: 'rename-column', name: subname })
  } else if ('TruncateStmt' in node) {
    for (const relation of node.TruncateStmt.relations ?? []) {
      if ('RangeVar' in relation) note(catalog, statement, relationName(relation.RangeVar), { kind: 'truncate' })
    }
  } else if ('ReindexStmt' in node || 'VacuumStmt' in node) {
    // Neither runs in a transaction when it is concurrent, and VACUUM never does.
    const isVacuum = 'VacuumStmt' in node && node.VacuumStmt.is_vacuumcmd === true
    const isReindex = 'ReindexStmt' in node && /\bconcurrently\b/i.test(statement.sql)
    if (isVacuum || isReindex)
      note(catalog, statement, undefined, { kind: isVacuum ? 'vacuum' : 'reindex', concurrently: true })
  }
}

type Observed = Pick<SchemaOperation, 'kind' | 'name' | 'detail' | 'concurrently' | 'notValid'>

function isConcurrent(value: boolean | undefined): { concurrently?: true } {
  return value ? { concurrently: true } : {}
}

function note(catalog: Catalog, statement: ParsedStatement, name: Name | undefined, observed: Observed): void {
  const table = name && findTable(catalog, name)
  const { script } = catalog
  catalog.operations.push({
    ...observed,
    table: table ? `${table.schema}.${table.name}` : name ? `${name.schema ?? 'public'}.${name.name}` : '',
    location: extent(statement),
    ...(table?.defined && { createdIn: table.location.file }),
    statements: script.statements,
    ...(script.inBlock && { inTransactionBlock: true }),
    ...(script.lockTimeout && { lockTimeout: true }),
  })
}

function observeDrop(
  catalog: Catalog,
  statement: ParsedStatement,
  drop: Extract<Node, { DropStmt: unknown }>['DropStmt'],
): void {
  const kind =
    drop.removeType === 'OBJECT_TABLE' ? 'drop-table' : drop.removeType === 'OBJECT_INDEX' ? 'drop-index' : undefined
  if (!kind) return
  for (const object of drop.objects ?? []) {
    const parts = stringsOf(itemsOf(object))
    const name = { schema: parts.at(-2), name: parts.at(-1) ?? '' }
    if (kind === 'drop-index') {
      const owner = [...catalog.tables.values()].find(table => table.indexes.some(index => index.name === name.name))
      note(catalog, statement, owner, { kind, name: name.name, ...isConcurrent(drop.concurrent) })
    } else if (findTable(catalog, name)?.defined) note(catalog, statement, name, { kind })
  }
}

function observeAlter(catalog: Catalog, statement: ParsedStatement, name: Name, command: AlterTableCmd): void {
  const table = findTable(catalog, name)
  const add = (observed: Observed): void => note(catalog, statement, name, observed)
  const { subtype, name: column = '', def } = command
  if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def) {
    const exists = table?.columns.some(own => own.name === def.ColumnDef.colname)
    if (!exists) for (const observed of addedColumn(def.ColumnDef)) add(observed)
  } else if (subtype === 'AT_DropColumn') {
    if (table?.columns.some(own => own.name === column)) add({ kind: 'drop-column', name: column })
  } else if (subtype === 'AT_SetNotNull') {
    const isProven = table?.constraints.some(
      ({ kind, expression }) => kind === 'check' && isNotNull(expression, column),
    )
    const isSet = table?.columns.some(own => own.name === column && own.notNull)
    if (!isSet && !isProven) add({ kind: 'set-not-null', name: column })
  } else if (subtype === 'AT_AlterColumnType' && def && 'ColumnDef' in def) {
    const from = table?.columns.find(own => own.name === column)?.type
    const to = typeText(def.ColumnDef.typeName)
    if (from !== undefined && from !== to && !isFreeChange(from, to))
      add({ kind: 'change-type', name: column, detail: `${from} → ${to}` })
  } else if (subtype === 'AT_AddConstraint' && def && isConstraint(def)) {
    const observed = addedConstraint(def.Constraint)
    if (observed) add(observed)
  }
}

function isNotNull(expression: string | undefined, column: string): boolean {
  const bare = (expression ?? '')
    .replace(/[\s()"]+/g, ' ')
    .trim()
    .toLowerCase()
  return bare === `${column.toLowerCase()} is not null`
}

/** A new column that must be there has a value for every row: a default that differs from row to row rewrites the table. */
function addedColumn(definition: ColumnDef): Observed[] {
  const name = definition.colname
  const constraints = (definition.constraints ?? []).flatMap(node => (isConstraint(node) ? [node.Constraint] : []))
  const has = (kind: Constraint['contype']): Constraint | undefined =>
    constraints.find(({ contype }) => contype === kind)
  const initial = has('CONSTR_DEFAULT')?.raw_expr
  const isSerial = serialType(definition.typeName) !== undefined || has('CONSTR_IDENTITY') !== undefined
  const isGenerated = has('CONSTR_GENERATED') !== undefined
  const out: Observed[] = []
  if (isSerial || isGenerated || (initial && isVolatile(initial))) {
    out.push({
      kind: 'add-computed-column',
      name,
      detail: isSerial ? 'a sequence' : isGenerated ? 'an expression' : 'a default that differs from row to row',
    })
  }
  const isRequired =
    (definition.is_not_null === true || has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY')) && !isSerial && !isGenerated
  if (isRequired && !initial) out.push({ kind: 'add-required-column', name })
  for (const constraint of constraints) {
    // The new column is empty where it has no default: there is nothing for a foreign key to look up.
    if (constraint.contype === 'CONSTR_FOREIGN' && !initial) continue
    if (constraint.contype === 'CONSTR_CHECK') continue
    const observed = addedConstraint(constraint)
    if (observed) out.push({ ...observed, name: name ?? observed.name })
  }
  return out
}

function addedConstraint(constraint: Constraint): Observed | undefined {
  const name = constraint.conname
  const notValid = constraint.skip_validation ? { notValid: true as const } : {}
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
      return { kind: 'add-foreign-key', name, ...notValid }
    case 'CONSTR_CHECK':
      return { kind: 'add-check', name, ...notValid }
    case 'CONSTR_UNIQUE':
      return constraint.indexname ? undefined : { kind: 'add-unique', name }
    case 'CONSTR_PRIMARY':
      return constraint.indexname ? undefined : { kind: 'add-primary-key', name }
    case 'CONSTR_EXCLUSION':
      return { kind: 'add-exclusion', name }
    default:
      return undefined
  }
}

const VOLATILE = new Set([
  'gen_random_uuid',
  'uuid_generate_v4',
  'uuid_generate_v1',
  'uuidv7',
  'random',
  'clock_timestamp',
  'nextval',
  'timeofday',
])

/** Calls something that gives another answer for every row. Other functions are taken for stable: doubt is quiet. */
function isVolatile(expression: Node): boolean {
  return [...JSON.stringify(expression).matchAll(/"funcname":\[(.*?)\]/g)].some(([, names]) =>
    [...(names ?? '').matchAll(/"sval":"([^"]+)"/g)].some(([, name]) => name !== undefined && VOLATILE.has(name)),
  )
}

/** Changes that only touch the catalog (ATColumnChangeRequiresRewrite): the stored bytes stay as they are. */
function isFreeChange(from: string, to: string): boolean {
  const text = /^(text|character varying(\(\d+\))?)$/
  if (text.test(from) && text.test(to)) {
    const [before, after] = [from, to].map(type => Number(/\d+/.exec(type)?.[0] ?? Infinity))
    return (after ?? 0) >= (before ?? 0)
  }
  const numeric = /^numeric(?:\((\d+),(\d+)\))?$/
  const [a, b] = [numeric.exec(from), numeric.exec(to)]
  if (!a || !b) return false
  return b[1] === undefined || (a[1] !== undefined && a[2] === b[2] && Number(b[1]) >= Number(a[1]))
}
