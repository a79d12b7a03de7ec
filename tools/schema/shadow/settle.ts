import type { SourceLocation } from '../../gathered.ts'
import type { SchemaModel, SchemaTable } from '../model.ts'
import type { ReplayReport } from './replay.ts'

/**
 * The model of the catalogs, with what only files know: tables of sources that are not replayed (generated types, Prisma and
 * Drizzle schemas), and tables and functions whose own statement failed. The app runs, so somebody made those by hand; what
 * a migration dropped stays dropped.
 */
export function settleSchema(shadow: SchemaModel, files: SchemaModel, replay: ReplayReport): SchemaModel {
  const replayed = new Set(replay.files.map(({ file }) => file))
  const failed = new Set(replay.failures.filter(({ recovered }) => !recovered).map(({ location }) => place(location)))
  const believed = ({ location }: { location: SourceLocation }) =>
    !replayed.has(location.file) || failed.has(place(location))
  return {
    ...shadow,
    tables: withMissing(shadow.tables, files.tables, nameOf, believed),
    functions: withMissing(shadow.functions, files.functions, nameOf, believed),
    enums: withMissing(shadow.enums ?? [], files.enums ?? [], nameOf, believed),
    // Files that are not replayed have their own; the replay speaks for itself in its report.
    problems: files.problems.filter(({ location }) => !failed.has(place(location))),
    migrations: files.migrations ?? shadow.migrations,
  }
}

function nameOf({ schema, name }: Pick<SchemaTable, 'schema' | 'name'>): string {
  return `${schema}.${name}`
}

function withMissing<T>(own: T[], files: T[], key: (item: T) => string, believed: (item: T) => boolean): T[] {
  const known = new Set(own.map(key))
  return [...own, ...files.filter(item => !known.has(key(item)) && believed(item))]
}

function place({ file, line }: SourceLocation): string {
  return `${file}:${line}`
}
