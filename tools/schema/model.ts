import type { SourceLocation } from '../gathered.ts'

/**
 * The database as the repository's own files define it (migrations, schema dumps, generated types, Prisma or Drizzle schemas).
 * Every object knows the file and line that last defined it.
 */
export interface SchemaModel {
  /** Where the model was read from, most trusted first. */
  source: 'migrations' | 'schema-files' | 'generated-types' | 'prisma' | 'drizzle'
  tables: SchemaTable[]
  functions: SchemaFunction[]
  /** Statements that could not be understood: the model may lack what they define. */
  problems: { location: SourceLocation; message: string }[]
}

export interface SchemaTable {
  /** Database schema, e.g. "public". */
  schema: string
  name: string
  kind: 'table' | 'view' | 'materialized-view'
  location: SourceLocation
  columns: SchemaColumn[]
  primaryKey: string[]
  /** Column sets that identify at most one row: primary key, UNIQUE constraints, non-partial unique indexes on plain columns. */
  uniqueKeys: string[][]
  foreignKeys: { columns: string[]; table: string; schema: string; references: string[]; onDelete?: string; location: SourceLocation }[]
  indexes: { name: string; columns: string[]; unique: boolean; partial: boolean; method: string; location: SourceLocation }[]
  rowLevelSecurity: boolean
  policies: SchemaPolicy[]
  /** Rows that the migrations or seed files insert (literal VALUES counted); 0 when none. */
  seededRows: number
}

export interface SchemaColumn {
  name: string
  type: string
  notNull: boolean
  location: SourceLocation
}

export interface SchemaPolicy {
  name: string
  permissive: boolean
  command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  roles: string[]
  /** SQL text of USING / WITH CHECK, undefined when absent. */
  using?: string
  withCheck?: string
  location: SourceLocation
}

export interface SchemaFunction {
  schema: string
  name: string
  language: string
  volatility: 'volatile' | 'stable' | 'immutable'
  securityDefiner: boolean
  returnsSet: boolean
  body: string
  location: SourceLocation
}
