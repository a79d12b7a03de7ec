import type { SourceLocation } from '../../gathered.ts'
import type { SchemaModel, SchemaTable } from '../model.ts'
import type { ReplayReport } from './replay.ts'

/**
 * The model of the catalogs, with what only files know: tables of sources that are not replayed (generated types, Prisma and
 * Drizzle schemas), and what a statement would have made that failed. The app runs, so somebody made that by hand in its
 * database; to leave it out would be to report, for instance, a table without policies. What a migration dropped stays dropped.
 */
export function settleSchema(shadow: SchemaModel, files: SchemaModel, replay: ReplayReport): SchemaModel {
  const replayed = new Set(replay.files.map(({ file }) => file))
  const inFailed = failedPlaces(replay)
  const elsewhere = ({ location }: Placed) => !replayed.has(location.file) || inFailed(location)
  const known = new Map(files.tables.map(table => [qualified(table), table]))
  const tables = shadow.tables.map(table => {
    const written = known.get(qualified(table))
    return written ? settleTable(table, written, inFailed) : table
  })
  return {
    ...shadow,
    tables: withMissing(tables, files.tables, qualified, elsewhere),
    functions: withMissing(shadow.functions, files.functions, qualified, elsewhere),
    enums: withMissing(shadow.enums ?? [], files.enums ?? [], qualified, elsewhere),
    triggers: withMissing(
      shadow.triggers ?? [],
      files.triggers ?? [],
      ({ schema, table, name }) => `${schema}.${table}.${name}`,
      elsewhere,
    ),
    // What failed is told by the replay.
    problems: files.problems.filter(({ location }) => !inFailed(location)),
    migrations: files.migrations ?? shadow.migrations,
  }
}

interface Placed {
  location: SourceLocation
}

function settleTable(table: SchemaTable, written: SchemaTable, inFailed: (at: SourceLocation) => boolean): SchemaTable {
  const believed = ({ location }: Placed) => inFailed(location)
  const named = ({ name }: { name?: string }) => name ?? ''
  return {
    ...table,
    columns: withMissing(table.columns, written.columns, named, believed),
    indexes: withMissing(table.indexes, written.indexes, named, believed),
    foreignKeys: withMissing(table.foreignKeys, written.foreignKeys, named, believed),
    policies: withMissing(table.policies, written.policies, named, believed),
  }
}

/** Whether a place lies in a statement that failed. */
function failedPlaces({ failures }: ReplayReport): (at: SourceLocation) => boolean {
  const byFile = new Map<string, SourceLocation[]>()
  for (const { location, recovered } of failures) {
    if (!recovered) byFile.set(location.file, [...(byFile.get(location.file) ?? []), location])
  }
  return ({ file, line }) =>
    (byFile.get(file) ?? []).some(failed => failed.line <= line && line <= (failed.endLine ?? failed.line))
}

function qualified({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`
}

function withMissing<T>(own: T[], files: T[], key: (item: T) => string, believed: (item: T) => boolean): T[] {
  const known = new Set(own.map(key))
  return [...own, ...files.filter(item => !known.has(key(item)) && believed(item))]
}
