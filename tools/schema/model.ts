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
  /** Everything below is additive: absent when the source cannot tell. */
  enums?: SchemaEnum[]
  triggers?: SchemaTrigger[]
  extensions?: { name: string; schema?: string; location: SourceLocation }[]
  buckets?: { id: string; public: boolean; location: SourceLocation }[]
  /** Tables of the publication `supabase_realtime`, as "schema.table". */
  realtimeTables?: string[]
  grants?: SchemaGrant[]
  /** What `DROP … CASCADE` took along without naming it: lost policies and triggers. From the files only. */
  cascades?: SchemaCascade[]
  /** Statements of migrations that lock, rewrite, break or lose something, with what the schema was before each. From the files only. */
  operations?: SchemaOperation[]
  /** Effective rights of the API roles, from the catalogs only. */
  privileges?: SchemaPrivilege[]
  /** Where the facts come from: the files alone, the replayed shadow database, or a live database. */
  readFrom?: 'files' | 'shadow' | 'live'
  /** Migration files in the order in which they are applied. */
  migrations?: SchemaMigration[]
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
  foreignKeys: SchemaForeignKey[]
  /** All indexes, those behind primary keys and UNIQUE constraints included (`constraint` names which). */
  indexes: SchemaIndex[]
  rowLevelSecurity: boolean
  policies: SchemaPolicy[]
  /** Rows that the migrations or seed files insert (literal VALUES counted); 0 when none. */
  seededRows: number
  /** What the source cannot tell about this table (generated types know no indexes): absent is then not "none". */
  unknown?: SchemaUnknown[]
  /** A table of the Supabase platform (auth, storage, realtime) that is here only because the app puts policies on it. */
  platform?: boolean
  /** Parent as "schema.table" when the table is a partition. */
  partitionOf?: string
  /** Views: the query's text, and whether it runs with the rights of who asks (`security_invoker`). */
  definition?: string
  securityInvoker?: boolean
  /** FORCE ROW LEVEL SECURITY. */
  forceRowLevelSecurity?: boolean
  checks?: { name: string; expression: string; location: SourceLocation }[]
  /** UNLOGGED or TEMPORARY tables. */
  persistence?: 'permanent' | 'unlogged' | 'temporary'
}

export type SchemaUnknown =
  | 'columns'
  | 'primaryKey'
  | 'uniqueKeys'
  | 'foreignKeys'
  | 'indexes'
  | 'rowLevelSecurity'
  | 'policies'
  | 'columnTypes'

export interface SchemaForeignKey {
  columns: string[]
  table: string
  schema: string
  references: string[]
  onDelete?: string
  location: SourceLocation
  name?: string
  onUpdate?: string
}

export interface SchemaIndex {
  name: string
  /** Key columns in order; an expression is given as its SQL text in parentheses. */
  columns: string[]
  unique: boolean
  partial: boolean
  method: string
  location: SourceLocation
  constraint?: 'primary-key' | 'unique' | 'exclusion'
  /** Same order as `columns`. */
  keys?: { column?: string; expression?: string; opclass?: string; descending: boolean; nullsFirst: boolean }[]
  include?: string[]
  /** SQL text of the WHERE clause of a partial index. */
  predicate?: string
  concurrently?: boolean
  /** False after a failed build (live catalogs only). */
  valid?: boolean
}

export interface SchemaColumn {
  name: string
  /** As PostgreSQL's format_type prints it: "integer", "character varying(20)", "timestamp with time zone", "text[]". */
  type: string
  notNull: boolean
  location: SourceLocation
  /** SQL text of the default; serial columns have `nextval(...)`. */
  default?: string
  identity?: 'always' | 'by-default' | 'serial'
  generated?: boolean
}

export interface SchemaEnum {
  schema: string
  name: string
  values: string[]
  location: SourceLocation
}

export interface SchemaTrigger {
  name: string
  schema: string
  table: string
  timing: 'before' | 'after' | 'instead-of'
  events: ('insert' | 'update' | 'delete' | 'truncate')[]
  perRow: boolean
  /** Function it calls, as "schema.name" or a bare name. */
  function: string
  /** SQL text of WHEN. */
  when?: string
  location: SourceLocation
}

export interface SchemaGrant {
  action: 'grant' | 'revoke'
  privileges: string[]
  /** "table", "function", "schema", "sequence", "all-tables"… */
  kind: string
  objects: string[]
  roles: string[]
  location: SourceLocation
}

export interface SchemaCascade {
  location: SourceLocation
  /** The object whose drop cascaded, e.g. "function public.is_admin". */
  object: string
  /** `table` as "schema.table". They may have been made again since. */
  dropped: {
    kind: 'policy' | 'trigger' | 'view' | 'column'
    table: string
    name: string
    /** Of policies. */
    command?: SchemaPolicy['command']
    permissive?: boolean
  }[]
}

export interface SchemaOperation {
  kind:
    | 'create-index'
    | 'drop-index'
    | 'add-foreign-key'
    | 'add-check'
    | 'add-unique'
    | 'add-primary-key'
    | 'add-exclusion'
    | 'set-not-null'
    | 'change-type'
    /** A new column whose value is computed for every row that is there. */
    | 'add-computed-column'
    /** A new NOT NULL column without a default. */
    | 'add-required-column'
    | 'drop-column'
    | 'drop-table'
    | 'rename-column'
    | 'rename-table'
    | 'truncate'
    | 'vacuum'
    | 'reindex'
  /** "schema.table"; empty when the statement names none. */
  table: string
  /** Column, index or constraint. */
  name?: string
  detail?: string
  location: SourceLocation
  /** File that had created the table at that point; absent when none of the files did. */
  createdIn?: string
  concurrently?: boolean
  /** NOT VALID: rows that are there are not looked at. */
  notValid?: boolean
  /** Statements of its file. */
  statements: number
  /** Between BEGIN and COMMIT, or in a DO block. */
  inTransactionBlock?: boolean
  /** `lock_timeout` was set before it in its file. */
  lockTimeout?: boolean
}

export interface SchemaPrivilege {
  kind: 'table' | 'function' | 'schema'
  schema: string
  /** Table, or function with its argument types; the schema's own name for schemas. */
  name: string
  /** "anon", "authenticated", "service_role" or "public". */
  role: string
  /** Lower case: "select", "insert", "execute", "usage"… */
  privileges: string[]
}

export interface SchemaMigration {
  file: string
  /** Version prefix as the tool reads it, e.g. "20240101000000". */
  version: string
  tool: 'supabase' | 'drizzle' | 'prisma' | 'other'
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
  /** The same expressions as PostgreSQL prints them, names qualified (catalogs only). */
  catalog?: { using?: string; withCheck?: string }
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
  /** Input arguments. */
  arguments?: { name?: string; type: string; hasDefault: boolean }[]
  returns?: string
  /** Value of SET search_path on the function; undefined when it has none. */
  searchPath?: string
  /** Other SET settings, e.g. statement_timeout. */
  settings?: Record<string, string>
  kind?: 'function' | 'procedure'
}
