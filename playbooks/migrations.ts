import type { LiveDatabase } from '../tools/database/model.ts'
import type { SchemaModel, SchemaOperation, SchemaTable } from '../tools/schema/model.ts'

/** Questions about migrations that several detectors ask. */

/**
 * Operations of the newest migrations: those of the newest day by their versions, or the last file where versions are plain numbers.
 * What was applied long ago cannot be made safer, and the files do not say what was applied; the newest are the ones that a deployment
 * or a review has before it. With a running database, what it already shows is left out.
 */
export function newestOperations(schema: SchemaModel, database: LiveDatabase | undefined): SchemaOperation[] {
  const newest = newestFiles(schema)
  return (schema.operations ?? []).filter(
    operation => newest.has(operation.location.file) && !isApplied(operation, database),
  )
}

export function newestFiles(schema: SchemaModel): Set<string> {
  const files = new Set<string>()
  const all = schema.migrations ?? []
  for (const folder of new Set(all.map(({ file }) => folderOf(file)))) {
    const own = all.filter(({ file }) => folderOf(file) === folder)
    const last = own.at(-1)
    if (!last) continue
    const day = dayOf(last.version)
    for (const { file, version } of own) if (file === last.file || (day && dayOf(version) === day)) files.add(file)
  }
  return files
}

function folderOf(file: string): string {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')))
  return file.endsWith('/migration.sql') ? folder.slice(0, Math.max(0, folder.lastIndexOf('/'))) : folder
}

/** The day of a version that begins with a date. */
function dayOf(version: string): string | undefined {
  return /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.exec(version)?.[0]
}

/** The table was there before the newest migrations: it may have rows. */
export function isOlder(schema: SchemaModel, operation: SchemaOperation): boolean {
  return operation.createdIn !== undefined && !newestFiles(schema).has(operation.createdIn)
}

/** The running database shows that the statement ran already. */
function isApplied(operation: SchemaOperation, database: LiveDatabase | undefined): boolean {
  if (database?.schema.status !== 'ran' || !operation.name) return false
  const table = database.schema.value.tables.find(t => `${t.schema}.${t.name}` === operation.table)
  if (!table) return operation.kind === 'drop-table'
  const { name } = operation
  const column = table.columns.find(c => c.name === name)
  switch (operation.kind) {
    case 'create-index':
      return table.indexes.some(index => index.name === name)
    case 'add-unique':
    case 'add-primary-key':
    case 'add-exclusion':
      return table.indexes.some(index => index.name === name)
    case 'add-foreign-key':
      return table.foreignKeys.some(key => key.name === name)
    case 'add-check':
      return table.checks?.some(check => check.name === name) ?? false
    case 'set-not-null':
      return column?.notNull ?? false
    case 'add-computed-column':
    case 'add-required-column':
      return column !== undefined
    case 'drop-column':
    case 'rename-column':
      return column === undefined
    case 'change-type':
      return operation.detail?.endsWith(`→ ${column?.type}`) ?? false
    default:
      return false
  }
}

/** Rows of the table in the running database; undefined without one, or when nobody ever counted. */
export function liveRows(
  database: LiveDatabase | undefined,
  table: Pick<SchemaTable, 'schema' | 'name'>,
): number | undefined {
  if (database?.tables.status !== 'ran') return undefined
  const rows = database.tables.value.find(t => t.schema === table.schema && t.name === table.name)?.rows
  return rows === undefined || rows < 0 ? undefined : rows
}

/** Below it a scan or an index build takes milliseconds, whatever it locks. */
export const SMALL_TABLE_ROWS = 10_000
