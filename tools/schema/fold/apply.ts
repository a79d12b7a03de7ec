import type { Node } from 'libpg-query'
import type { SourceLocation } from '../../gathered.ts'
import { constantText, itemsOf, qualified, relationName, roleNames, stringOf, stringsOf } from '../sql/ast.ts'
import type { ParsedStatement } from '../sql/parse.ts'
import { cascadeFunction, cascadeRelation, cascadeType } from './cascade.ts'
import { type Catalog, creationSchema, dropTable, extent, findTable, type Name, tableKey } from './catalog.ts'
import { alterFunction, createFunction, matchingFunctions } from './functions.ts'
import { createIndex, dropIndex, renameIndex } from './indexes.ts'
import { alterPolicy, createPolicy } from './policies.ts'
import { insertRows } from './seeds.ts'
import { alterTable, createTable, createTableAs, renameColumn, renameTable } from './tables.ts'
import { createTrigger, triggerKey } from './triggers.ts'
import { createView } from './views.ts'

type Handlers = {
  [K in Node extends infer N ? (N extends unknown ? keyof N : never) : never]?: (
    catalog: Catalog,
    statement: ParsedStatement,
    node: Extract<Node, Record<K, unknown>>[K],
  ) => void
}

/** What each kind of statement does to the schema; kinds that are not here do nothing to it. */
const HANDLERS: Handlers = {
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  AlterTableStmt: alterTable,
  ViewStmt: createView,
  IndexStmt: createIndex,
  CreatePolicyStmt: createPolicy,
  AlterPolicyStmt: alterPolicy,
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: (catalog, _, stmt) => alterFunction(catalog, stmt),
  CreateTrigStmt: createTrigger,
  InsertStmt: insertRows,
  DropStmt: (catalog, statement, stmt) => {
    const cascade = stmt.behavior === 'DROP_CASCADE' ? extent(statement) : undefined
    for (const object of stmt.objects ?? []) drop(catalog, stmt.removeType ?? '', object, cascade)
  },
  RenameStmt: (catalog, statement, stmt) => {
    const to = stmt.newname ?? ''
    const name = relationName(stmt.relation)
    if (stmt.renameType === 'OBJECT_COLUMN') {
      return renameColumn(catalog, statement, tableKey(catalog, name), stmt.subname ?? '', to)
    }
    if (stmt.renameType === 'OBJECT_TYPE') {
      renameType(catalog, qualified(itemsOf(stmt.object)), to)
      return
    }
    if (stmt.renameType === 'OBJECT_INDEX') return renameIndex(catalog, name, to)
    if (stmt.renameType === 'OBJECT_TABCONSTRAINT') {
      const constraint = findTable(catalog, name)?.constraints.find(existing => existing.name === stmt.subname)
      if (constraint) constraint.name = to
      return
    }
    if (stmt.renameType === 'OBJECT_POLICY') {
      const policy = findTable(catalog, name)?.policies.find(existing => existing.name === stmt.subname)
      if (policy) policy.name = to
      return
    }
    if (stmt.renameType === 'OBJECT_FUNCTION' && stmt.object && 'ObjectWithArgs' in stmt.object) {
      for (const key of matchingFunctions(catalog, stmt.object.ObjectWithArgs)) moveFunction(catalog, key, { name: to })
      return
    }
    if (['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW'].includes(stmt.renameType ?? '')) {
      renameTable(catalog, tableKey(catalog, name), { name: to })
    }
  },
  AlterObjectSchemaStmt: (catalog, _, stmt) => {
    const schema = stmt.newschema ?? 'public'
    if (stmt.relation) renameTable(catalog, tableKey(catalog, relationName(stmt.relation)), { schema })
    if (stmt.object && 'ObjectWithArgs' in stmt.object) {
      for (const key of matchingFunctions(catalog, stmt.object.ObjectWithArgs)) moveFunction(catalog, key, { schema })
    }
  },
  CreateEnumStmt: (catalog, statement, stmt) => {
    const { schema = creationSchema(catalog), name } = qualified(stmt.typeName)
    const key = `${schema}.${name}`
    if (catalog.enums.has(key)) return
    catalog.enums.set(key, { schema, name, values: stringsOf(stmt.vals), location: extent(statement) })
  },
  AlterEnumStmt: (catalog, _, stmt) => {
    const { schema = creationSchema(catalog), name } = qualified(stmt.typeName)
    const target = catalog.enums.get(`${schema}.${name}`)
    if (!target || stmt.newVal === undefined) return
    if (stmt.oldVal !== undefined)
      target.values = target.values.map(value => (value === stmt.oldVal ? stmt.newVal! : value))
    else if (!target.values.includes(stmt.newVal))
      insertValue(target.values, stmt.newVal, stmt.newValNeighbor, stmt.newValIsAfter)
  },
  CreateExtensionStmt: (catalog, statement, stmt) => {
    const name = stmt.extname ?? ''
    const option = stmt.options?.find(node => 'DefElem' in node && node.DefElem.defname === 'schema')
    const schema = option && 'DefElem' in option ? stringOf(option.DefElem.arg) : undefined
    if (!catalog.extensions.has(name)) {
      catalog.extensions.set(name, { name, ...(schema && { schema }), location: extent(statement) })
    }
  },
  GrantStmt: (catalog, statement, stmt) => {
    catalog.grants.push({
      action: stmt.is_grant ? 'grant' : 'revoke',
      privileges: (stmt.privileges ?? []).flatMap(node =>
        'AccessPriv' in node && node.AccessPriv.priv_name ? [node.AccessPriv.priv_name] : [],
      ),
      kind: `${stmt.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'all-in-schema-' : ''}${(stmt.objtype ?? '').replace('OBJECT_', '').toLowerCase()}`,
      objects: (stmt.objects ?? []).map(node => objectName(catalog, node)),
      roles: roleNames(stmt.grantees),
      location: extent(statement),
    })
  },
  AlterPublicationStmt: (catalog, _, stmt) => {
    if (stmt.pubname !== 'supabase_realtime') return
    if (stmt.action === 'AP_SetObjects') catalog.realtimeTables.clear()
    for (const key of publishedTables(catalog, stmt.pubobjects)) {
      if (stmt.action === 'AP_DropObjects') catalog.realtimeTables.delete(key)
      else catalog.realtimeTables.add(key)
    }
  },
  CreatePublicationStmt: (catalog, _, stmt) => {
    if (stmt.pubname !== 'supabase_realtime') return
    for (const key of publishedTables(catalog, stmt.pubobjects)) catalog.realtimeTables.add(key)
  },
  TruncateStmt: (catalog, _, stmt) => {
    for (const node of stmt.relations ?? []) {
      const table = 'RangeVar' in node ? findTable(catalog, relationName(node.RangeVar)) : undefined
      if (table) table.seededRows = 0
    }
  },
  DeleteStmt: (catalog, _, stmt) => {
    const table = stmt.whereClause ? undefined : findTable(catalog, relationName(stmt.relation))
    if (table) table.seededRows = 0
  },
  VariableSetStmt: (catalog, _, stmt) => {
    if (stmt.name !== 'search_path') return
    setSearchPath(
      catalog,
      (stmt.args ?? []).flatMap(node => constantText(node)?.split(',') ?? []),
    )
  },
  SelectStmt: (catalog, _, stmt) => {
    for (const node of stmt.targetList ?? []) {
      const call =
        'ResTarget' in node && node.ResTarget.val && 'FuncCall' in node.ResTarget.val
          ? node.ResTarget.val.FuncCall
          : undefined
      if (!call || stringsOf(call.funcname).at(-1) !== 'set_config') continue
      const [name, value] = (call.args ?? []).map(constantText)
      if (name === 'search_path') setSearchPath(catalog, (value ?? '').split(','))
    }
  },
}

/** Applies one statement to the catalog. */
export function applyStatement(catalog: Catalog, statement: ParsedStatement): void {
  const [kind, value] = Object.entries(statement.node)[0] ?? []
  const handler = HANDLERS[kind as keyof Handlers] as
    | ((catalog: Catalog, statement: ParsedStatement, node: unknown) => void)
    | undefined
  handler?.(catalog, statement, value)
}

function setSearchPath(catalog: Catalog, parts: string[]): void {
  const path = parts.map(part => part.trim().replace(/^"(.*)"$/, '$1')).filter(part => part !== '' && part !== '$user')
  catalog.searchPath = path.length > 0 ? path : ['public']
}

function drop(catalog: Catalog, type: string, object: Node, cascade: SourceLocation | undefined): void {
  const parts = stringsOf(itemsOf(object))
  if (type === 'OBJECT_TABLE' || type === 'OBJECT_VIEW' || type === 'OBJECT_MATVIEW') {
    const key = tableKey(catalog, nameOf(parts))
    if (cascade && catalog.tables.has(key)) cascadeRelation(catalog, schemaOf(key), nameIn(key), cascade)
    dropTable(catalog, key)
    return
  }
  if (type === 'OBJECT_INDEX') {
    dropIndex(catalog, nameOf(parts))
    return
  }
  if (type === 'OBJECT_POLICY') {
    const table = findTable(catalog, nameOf(parts.slice(0, -1)))
    if (table) table.policies = table.policies.filter(policy => policy.name !== parts.at(-1))
    return
  }
  if (type === 'OBJECT_TRIGGER') {
    catalog.triggers.delete(triggerKey(tableKey(catalog, nameOf(parts.slice(0, -1))), parts.at(-1) ?? ''))
    return
  }
  if (type === 'OBJECT_FUNCTION' || type === 'OBJECT_PROCEDURE' || type === 'OBJECT_ROUTINE') {
    if (!('ObjectWithArgs' in object)) return
    for (const key of matchingFunctions(catalog, object.ObjectWithArgs)) {
      const own = catalog.functions.get(key)
      catalog.functions.delete(key)
      if (own && cascade) cascadeFunction(catalog, own.schema, own.name, cascade)
    }
    return
  }
  if (type === 'OBJECT_TYPE' && 'TypeName' in object) {
    const { schema = creationSchema(catalog), name } = qualified(object.TypeName.names)
    catalog.enums.delete(`${schema}.${name}`)
    if (cascade) cascadeType(catalog, schema, name, cascade)
    return
  }
  if (type === 'OBJECT_EXTENSION') catalog.extensions.delete(stringOf(object) ?? '')
  if (type === 'OBJECT_SCHEMA') {
    const schema = stringOf(object)
    for (const [key, table] of [...catalog.tables]) if (table.schema === schema) dropTable(catalog, key)
    for (const [key, own] of [...catalog.functions]) if (own.schema === schema) catalog.functions.delete(key)
  }
}

function schemaOf(key: string): string {
  return key.slice(0, key.indexOf('.'))
}

function nameIn(key: string): string {
  return key.slice(key.indexOf('.') + 1)
}

function nameOf(parts: string[]): Name {
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' }
}

function moveFunction(catalog: Catalog, key: string, to: { schema?: string; name?: string }): void {
  const moved = catalog.functions.get(key)
  if (!moved) return
  catalog.functions.delete(key)
  Object.assign(moved, to)
  catalog.functions.set(`${moved.schema}.${moved.name}${key.slice(key.indexOf('('))}`, moved)
}

/** The enum, and the columns that have it. */
function renameType(catalog: Catalog, { schema = creationSchema(catalog), name }: Name, to: string): void {
  const own = catalog.enums.get(`${schema}.${name}`)
  if (!own) return
  catalog.enums.delete(`${schema}.${name}`)
  own.name = to
  catalog.enums.set(`${schema}.${to}`, own)
  for (const table of catalog.tables.values()) {
    for (const column of table.columns) {
      if (column.type.replace(/\[\]$|"/g, '') === name) column.type = column.type.replace(name, to)
    }
  }
}

function insertValue(values: string[], value: string, neighbour: string | undefined, after: boolean | undefined): void {
  const at = neighbour === undefined ? -1 : values.indexOf(neighbour)
  if (at < 0) values.push(value)
  else values.splice(after ? at + 1 : at, 0, value)
}

function publishedTables(catalog: Catalog, objects: Node[] | undefined): string[] {
  return (objects ?? []).flatMap(node => {
    const relation = 'PublicationObjSpec' in node ? node.PublicationObjSpec.pubtable?.relation : undefined
    return relation ? [tableKey(catalog, relationName(relation))] : []
  })
}

function objectName(catalog: Catalog, node: Node): string {
  if ('RangeVar' in node) return tableKey(catalog, relationName(node.RangeVar))
  if ('ObjectWithArgs' in node) {
    const { schema = creationSchema(catalog), name } = qualified(node.ObjectWithArgs.objname)
    return `${schema}.${name}`
  }
  return stringOf(node) ?? ''
}
