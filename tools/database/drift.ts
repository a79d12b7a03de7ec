import type { SchemaFunction, SchemaModel, SchemaTable } from '../schema/model.ts'

/** A difference between the schema of the files and the running one. */
export interface Drift {
  kind: 'table' | 'column' | 'index' | 'policy' | 'foreign-key' | 'row-level-security' | 'function' | 'trigger' | 'type'
  /** "schema.table" or "schema.function(args)". */
  object: string
  /** Column, index, policy or trigger inside the object. */
  part?: string
  /** Where it is. `differs`: on both sides, not alike. */
  only: 'files' | 'live' | 'differs'
  detail?: string
}

/**
 * What the running database has that the files do not define, and the other way round. Names are compared, and for
 * columns types, for policies command and roles; expressions are printed differently by each version and are not.
 */
export function compareSchemas(files: SchemaModel, live: SchemaModel): Drift[] {
  const drift: Drift[] = []
  // Both from catalogs: names and types are spelled alike. Files that were only read spell them as their authors did.
  const exact = files.readFrom === 'shadow' || files.readFrom === 'live'
  const tables = pairs(files.tables.filter(own), live.tables.filter(own), qualified)
  for (const [object, written, running] of tables) {
    if (!written || !running) drift.push({ kind: 'table', object, only: written ? 'files' : 'live' })
    else compareTable(drift, object, written, running, exact)
  }
  // Generated types and ORM schemas know tables and columns; what else there is they do not say.
  if (files.source !== 'migrations' && files.source !== 'schema-files') return drift
  const functions = pairs(files.functions, live.functions, exact ? signature : qualified)
  for (const [object, written, running] of functions) {
    if (!written || !running) drift.push({ kind: 'function', object, only: written ? 'files' : 'live' })
    else if (written.securityDefiner !== running.securityDefiner) {
      drift.push({
        kind: 'function',
        object,
        only: 'differs',
        detail: `security definer is ${running.securityDefiner} in the database`,
      })
    }
  }
  const triggers = pairs(
    files.triggers ?? [],
    live.triggers ?? [],
    ({ schema, table, name }) => `${schema}.${table}\n${name}`,
  )
  for (const [key, written, running] of triggers) {
    const [object = '', part] = key.split('\n')
    if (!written || !running) drift.push({ kind: 'trigger', object, part, only: written ? 'files' : 'live' })
  }
  for (const [object, written, running] of pairs(files.enums ?? [], live.enums ?? [], qualified)) {
    if (!written || !running) drift.push({ kind: 'type', object, only: written ? 'files' : 'live' })
    else if (written.values.join() !== running.values.join()) {
      drift.push({
        kind: 'type',
        object,
        only: 'differs',
        detail: `values in the database: ${running.values.join(', ')}`,
      })
    }
  }
  return drift
}

/** Where migration tools note what they have applied. */
const NOTES = new Set(['_prisma_migrations', '__drizzle_migrations'])

function own(table: SchemaTable): boolean {
  return !table.platform && table.schema !== 'pg_temp' && !NOTES.has(table.name)
}

function qualified({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`
}

function signature(own: SchemaFunction): string {
  return `${qualified(own)}(${(own.arguments ?? []).map(({ type }) => type).join(', ')})`
}

function compareTable(
  drift: Drift[],
  object: string,
  written: SchemaTable,
  running: SchemaTable,
  exact: boolean,
): void {
  const unknown = new Set(written.unknown ?? [])
  if (!unknown.has('columns')) {
    for (const [part, a, b] of pairs(written.columns, running.columns, ({ name }) => name)) {
      if (!a || !b) drift.push({ kind: 'column', object, part, only: a ? 'files' : 'live' })
      else if (exact && written.kind === 'table' && !unknown.has('columnTypes') && a.type !== b.type) {
        drift.push({
          kind: 'column',
          object,
          part,
          only: 'differs',
          detail: `${a.type} in the files, ${b.type} in the database`,
        })
      }
    }
  }
  if (written.kind !== 'table') return
  if (!unknown.has('indexes')) {
    for (const [part, a, b] of pairs(written.indexes, running.indexes, ({ name }) => name)) {
      if (!a || !b) drift.push({ kind: 'index', object, part, only: a ? 'files' : 'live' })
      else if (b.valid === false)
        drift.push({ kind: 'index', object, part, only: 'differs', detail: 'not valid in the database' })
    }
  }
  if (exact && !unknown.has('foreignKeys')) {
    for (const [part, a, b] of pairs(written.foreignKeys, running.foreignKeys, ({ name }) => name ?? '')) {
      if (!a || !b) drift.push({ kind: 'foreign-key', object, part, only: a ? 'files' : 'live' })
    }
  }
  if (!unknown.has('rowLevelSecurity') && written.rowLevelSecurity !== running.rowLevelSecurity) {
    const detail = `${running.rowLevelSecurity ? 'on' : 'off'} in the database`
    drift.push({ kind: 'row-level-security', object, only: 'differs', detail })
  }
  if (unknown.has('policies')) return
  for (const [part, a, b] of pairs(written.policies, running.policies, ({ name }) => name)) {
    if (!a || !b) drift.push({ kind: 'policy', object, part, only: a ? 'files' : 'live' })
    else if (a.command !== b.command || [...a.roles].sort().join() !== [...b.roles].sort().join()) {
      const detail = `for ${b.command} to ${b.roles.join(', ')} in the database`
      drift.push({ kind: 'policy', object, part, only: 'differs', detail })
    }
  }
}

/** Items of both sides by key, in the order of their keys. */
function pairs<T>(left: T[], right: T[], key: (item: T) => string): [string, T | undefined, T | undefined][] {
  const a = new Map(left.map(item => [key(item), item]))
  const b = new Map(right.map(item => [key(item), item]))
  return [...new Set([...a.keys(), ...b.keys()])].sort().map(name => [name, a.get(name), b.get(name)])
}
