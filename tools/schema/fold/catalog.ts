import type { SourceLocation } from '../../gathered.ts'
import type {
  SchemaCascade,
  SchemaColumn,
  SchemaEnum,
  SchemaForeignKey,
  SchemaFunction,
  SchemaGrant,
  SchemaIndex,
  SchemaModel,
  SchemaOperation,
  SchemaPolicy,
  SchemaTable,
  SchemaTrigger,
  SchemaUnknown,
} from '../model.ts'
import type { ParsedStatement } from '../sql/parse.ts'

/** The schema while migrations are folded into it: names resolve, objects may still be renamed or dropped. */
export interface Catalog {
  tables: Map<string, DraftTable>
  functions: Map<string, SchemaFunction>
  enums: Map<string, SchemaEnum>
  triggers: Map<string, SchemaTrigger>
  extensions: Map<string, { name: string; schema?: string; location: SourceLocation }>
  buckets: Map<string, { id: string; public: boolean; location: SourceLocation }>
  realtimeTables: Set<string>
  cascades: SchemaCascade[]
  operations: SchemaOperation[]
  /** What is known of the file that is being folded. */
  script: { statements: number; inBlock: boolean; lockTimeout: boolean }
  grants: SchemaGrant[]
  problems: { location: SourceLocation; message: string }[]
  /** "schema.table" of tables that a migration dropped: lower-trust sources must not bring them back. */
  dropped: Set<string>
  /** Schemas in which unqualified names resolve; reset for every file. */
  searchPath: string[]
}

export interface DraftConstraint {
  name: string
  kind: 'primary-key' | 'unique' | 'foreign-key' | 'check' | 'exclusion'
  columns: string[]
  location: SourceLocation
  foreign?: { schema: string; table: string; references: string[]; onDelete?: string; onUpdate?: string }
  expression?: string
  method?: string
  partial?: boolean
}

export interface DraftTable {
  schema: string
  name: string
  kind: SchemaTable['kind']
  location: SourceLocation
  columns: SchemaColumn[]
  constraints: DraftConstraint[]
  indexes: SchemaIndex[]
  policies: SchemaPolicy[]
  rowLevelSecurity: boolean
  forceRowLevelSecurity: boolean
  seededRows: number
  /** False while the table is only referred to (a policy on a table that no file creates). */
  defined: boolean
  unknown: SchemaUnknown[]
  platform?: boolean
  partitionOf?: string
  definition?: string
  securityInvoker?: boolean
  persistence?: SchemaTable['persistence']
}

export function emptyCatalog(): Catalog {
  return {
    tables: new Map(),
    functions: new Map(),
    enums: new Map(),
    triggers: new Map(),
    extensions: new Map(),
    buckets: new Map(),
    realtimeTables: new Set(),
    cascades: [],
    operations: [],
    script: { statements: 0, inBlock: false, lockTimeout: false },
    grants: [],
    problems: [],
    dropped: new Set(),
    searchPath: ['public'],
  }
}

export interface Name {
  schema?: string
  name: string
}

/** Key of a name: as written, else the first schema of the search path that has it, else where it would be created. */
export function tableKey(catalog: Catalog, { schema, name }: Name): string {
  if (schema) return `${schema}.${name}`
  const found = catalog.searchPath.find(candidate => catalog.tables.get(`${candidate}.${name}`)?.defined)
  return `${found ?? creationSchema(catalog)}.${name}`
}

export function creationSchema(catalog: Catalog): string {
  return catalog.searchPath[0] ?? 'public'
}

export function findTable(catalog: Catalog, name: Name): DraftTable | undefined {
  return catalog.tables.get(tableKey(catalog, name))
}

/** The table of that name, made as a mere reference when no file created it yet. */
export function touchTable(catalog: Catalog, name: Name, location: SourceLocation): DraftTable {
  const key = tableKey(catalog, name)
  const existing = catalog.tables.get(key)
  if (existing) return existing
  const table = draftTable(key.slice(0, key.indexOf('.')), name.name, 'table', location)
  table.defined = false
  catalog.tables.set(key, table)
  return table
}

export function draftTable(
  schema: string,
  name: string,
  kind: SchemaTable['kind'],
  location: SourceLocation,
): DraftTable {
  return {
    schema,
    name,
    kind,
    location,
    columns: [],
    constraints: [],
    indexes: [],
    policies: [],
    rowLevelSecurity: false,
    forceRowLevelSecurity: false,
    seededRows: 0,
    defined: true,
    unknown: [],
  }
}

/** Puts a created table in place; what was said about it before it existed (policies in an earlier file) is kept. */
export function defineTable(catalog: Catalog, table: DraftTable): void {
  const key = `${table.schema}.${table.name}`
  const reference = catalog.tables.get(key)
  if (reference && !reference.defined) {
    table.policies.push(...reference.policies)
    table.indexes.push(...reference.indexes)
    table.rowLevelSecurity ||= reference.rowLevelSecurity
  }
  catalog.tables.set(key, table)
  catalog.dropped.delete(key)
}

export function dropTable(catalog: Catalog, key: string): void {
  if (!catalog.tables.delete(key)) return
  catalog.dropped.add(key)
  catalog.realtimeTables.delete(key)
  for (const [name, trigger] of catalog.triggers) {
    if (`${trigger.schema}.${trigger.table}` === key) catalog.triggers.delete(name)
  }
  for (const other of catalog.tables.values()) {
    other.constraints = other.constraints.filter(
      constraint => !constraint.foreign || `${constraint.foreign.schema}.${constraint.foreign.table}` !== key,
    )
  }
}

export function place(statement: ParsedStatement, location?: number): SourceLocation {
  return { file: statement.source.file, line: statement.source.line(statement.at(location)) }
}

/** Start and end line of the whole statement. */
export function extent(statement: ParsedStatement): SourceLocation {
  const { source, start, end } = statement
  const line = source.line(start)
  const endLine = source.line(Math.min(end, source.text.length))
  return endLine > line ? { file: source.file, line, endLine } : { file: source.file, line }
}

/**
 * A constraint or index name as PostgreSQL makes it: parts shortened to 63 bytes, longest part first, and numbered
 * when taken (makeObjectName and ChooseRelationName in src/backend/commands/indexcmds.c).
 */
export function chooseName(table: string, columns: string[], label: string, taken: (name: string) => boolean): string {
  for (let pass = 0; ; pass++) {
    const suffix = pass === 0 ? label : `${label}${pass}`
    const name = objectName(table, columns.join('_'), suffix)
    if (!taken(name)) return name
  }
}

function objectName(first: string, second: string, label: string): string {
  const room = 63 - label.length - 1 - (second ? 1 : 0)
  let [a, b] = [first.length, second.length]
  while (a + b > room) {
    if (a > b) a--
    else b--
  }
  return [first.slice(0, a), second.slice(0, b), label].filter(part => part !== '').join('_')
}

/** Tables as the model gives them: constraints turned into keys, foreign keys and the indexes behind them. */
export function finishTable(table: DraftTable): SchemaTable {
  const primary = table.constraints.find(constraint => constraint.kind === 'primary-key')
  const primaryKey = primary?.columns ?? []
  const indexes = [...table.constraints.flatMap(impliedIndex), ...table.indexes]
  const checks = table.constraints.flatMap(({ kind, name, expression, location }) =>
    kind === 'check' && expression !== undefined ? [{ name, expression, location }] : [],
  )
  return {
    schema: table.schema,
    name: table.name,
    kind: table.kind,
    location: table.location,
    columns: table.columns.map(column => (primaryKey.includes(column.name) ? { ...column, notNull: true } : column)),
    primaryKey,
    uniqueKeys: uniqueKeys(indexes),
    foreignKeys: table.constraints.flatMap(foreignKey),
    indexes,
    rowLevelSecurity: table.rowLevelSecurity,
    policies: table.policies,
    seededRows: table.seededRows,
    ...(table.unknown.length > 0 && { unknown: table.unknown }),
    ...(table.platform && { platform: true }),
    ...(table.partitionOf && { partitionOf: table.partitionOf }),
    ...(table.definition !== undefined && { definition: table.definition }),
    ...(table.kind === 'view' && { securityInvoker: table.securityInvoker ?? false }),
    ...(table.forceRowLevelSecurity && { forceRowLevelSecurity: true }),
    ...(checks.length > 0 && { checks }),
    ...(table.persistence && { persistence: table.persistence }),
  }
}

function impliedIndex(constraint: DraftConstraint): SchemaIndex[] {
  const { kind, name, columns, location } = constraint
  if (kind !== 'primary-key' && kind !== 'unique' && kind !== 'exclusion') return []
  const method = constraint.method ?? 'btree'
  return [
    {
      name,
      columns,
      unique: kind !== 'exclusion',
      partial: constraint.partial === true,
      method,
      location,
      constraint: kind,
    },
  ]
}

function foreignKey(constraint: DraftConstraint): SchemaForeignKey[] {
  if (!constraint.foreign) return []
  const { schema, table, references, onDelete, onUpdate } = constraint.foreign
  return [
    {
      name: constraint.name,
      columns: constraint.columns,
      schema,
      table,
      references,
      ...(onDelete && { onDelete }),
      ...(onUpdate && { onUpdate }),
      location: constraint.location,
    },
  ]
}

/** Column sets that identify at most one row. */
export function uniqueKeys(indexes: SchemaIndex[]): string[][] {
  const seen = new Set<string>()
  return indexes
    .filter(index => index.unique && !index.partial && index.columns.every(column => !column.startsWith('(')))
    .map(index => index.columns)
    .filter(columns => {
      const key = [...columns].sort().join(',')
      return seen.has(key) ? false : seen.add(key)
    })
}

export function modelOf(catalog: Catalog, source: SchemaModel['source']): SchemaModel {
  return {
    source,
    tables: [...catalog.tables.values()].filter(table => table.defined).map(finishTable),
    functions: [...catalog.functions.values()],
    problems: catalog.problems,
    enums: [...catalog.enums.values()],
    triggers: [...catalog.triggers.values()],
    extensions: [...catalog.extensions.values()],
    buckets: [...catalog.buckets.values()],
    realtimeTables: [...catalog.realtimeTables].sort(),
    grants: catalog.grants,
    ...(catalog.cascades.length > 0 && { cascades: catalog.cascades }),
    ...(catalog.operations.length > 0 && { operations: catalog.operations }),
  }
}
