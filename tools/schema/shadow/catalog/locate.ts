import type { SourceLocation } from '../../../gathered.ts'
import type { SchemaFunction, SchemaModel, SchemaTable } from '../../model.ts'
import { NOWHERE } from './read.ts'

/**
 * Puts the places that the static reader found into a model read from the catalogs, and what only files can tell
 * (seeded rows, policy expressions as written). What the files do not explain is placed at its table.
 */
export function locate(model: SchemaModel, files: SchemaModel): SchemaModel {
  const known = new Map(files.tables.map(table => [`${table.schema}.${table.name}`, table]))
  const functions = new Map(files.functions.map(own => [signature(own), own]))
  const byName = new Map(files.functions.map(own => [`${own.schema}.${own.name}`, own]))
  return {
    ...model,
    source: files.source,
    tables: model.tables.map(table => locateTable(table, known.get(`${table.schema}.${table.name}`))),
    functions: model.functions.map(own => {
      const source = functions.get(signature(own)) ?? byName.get(`${own.schema}.${own.name}`)
      return { ...own, location: source?.location ?? NOWHERE }
    }),
    problems: files.problems,
    enums: placed(model.enums, files.enums, ({ schema, name }) => `${schema}.${name}`),
    triggers: placed(model.triggers, files.triggers, ({ schema, table, name }) => `${schema}.${table}.${name}`),
    extensions: placed(model.extensions, files.extensions, ({ name }) => name),
    buckets: placed(model.buckets, files.buckets, ({ id }) => id),
    grants: files.grants,
    ...(files.cascades && { cascades: files.cascades }),
    ...(files.operations && { operations: files.operations }),
    migrations: files.migrations,
  }
}

function signature(own: SchemaFunction): string {
  return `${own.schema}.${own.name}(${(own.arguments ?? []).map(({ type }) => type).join(',')})`
}

function placed<T extends { location: SourceLocation }>(
  items: T[] | undefined,
  sources: T[] | undefined,
  key: (item: T) => string,
): T[] {
  const places = new Map((sources ?? []).map(item => [key(item), item.location]))
  return (items ?? []).map(item => ({ ...item, location: places.get(key(item)) ?? NOWHERE }))
}

function locateTable(table: SchemaTable, files: SchemaTable | undefined): SchemaTable {
  if (!files) return table
  const fallback = files.location
  const columns = new Map(files.columns.map(column => [column.name, column]))
  const indexes = new Map(files.indexes.map(({ name, location }) => [name, location]))
  const policies = new Map(files.policies.map(policy => [policy.name, policy]))
  const checks = new Map((files.checks ?? []).map(({ name, location }) => [name, location]))
  const foreignKeys = new Map(files.foreignKeys.map(({ name, location }) => [name, location]))
  return {
    ...table,
    location: fallback,
    columns: table.columns.map(column => {
      const written = columns.get(column.name)
      // The stand-in of PostGIS has no modifiers; the file knows them.
      const typed = written?.type.startsWith(column.type) && /^geo(metry|graphy)$/.test(column.type)
      return { ...column, ...(written && typed && { type: written.type }), location: written?.location ?? fallback }
    }),
    indexes: table.indexes.map(index => ({ ...index, location: indexes.get(index.name) ?? fallback })),
    foreignKeys: table.foreignKeys.map(key => ({ ...key, location: foreignKeys.get(key.name) ?? fallback })),
    policies: table.policies.map(policy => {
      const written = policies.get(policy.name)
      if (!written) return { ...policy, location: fallback }
      const same = (written.using === undefined) === (policy.using === undefined)
      const sameCheck = (written.withCheck === undefined) === (policy.withCheck === undefined)
      return {
        ...policy,
        ...(same && written.using !== undefined && { using: written.using }),
        ...(sameCheck && written.withCheck !== undefined && { withCheck: written.withCheck }),
        location: written.location,
      }
    }),
    ...(table.checks && {
      checks: table.checks.map(check => ({ ...check, location: checks.get(check.name) ?? fallback })),
    }),
    seededRows: files.seededRows,
  }
}

/** A model read from catalogs alone, with one place for everything in it. */
export function placedAt(model: SchemaModel, location: SourceLocation): SchemaModel {
  const put = <T extends { location: SourceLocation }>(items: T[] | undefined): T[] =>
    (items ?? []).map(item => ({ ...item, location }))
  return {
    ...model,
    tables: model.tables.map(table => ({
      ...table,
      location,
      columns: put(table.columns),
      foreignKeys: put(table.foreignKeys),
      indexes: put(table.indexes),
      policies: put(table.policies),
      ...(table.checks && { checks: put(table.checks) }),
    })),
    functions: put(model.functions),
    enums: put(model.enums),
    triggers: put(model.triggers),
    extensions: put(model.extensions),
    buckets: put(model.buckets),
  }
}
