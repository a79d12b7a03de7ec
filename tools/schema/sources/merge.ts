import { type Catalog, type DraftTable, defineTable } from '../fold/catalog.ts'
import { PLATFORM_SCHEMAS } from '../platform.ts'

const PLATFORM: Record<string, { columns: [string, string][]; primaryKey: string[] }> = {
  'storage.objects': {
    columns: [
      ['id', 'uuid'],
      ['bucket_id', 'text'],
      ['name', 'text'],
      ['owner', 'uuid'],
      ['created_at', 'timestamp with time zone'],
      ['updated_at', 'timestamp with time zone'],
      ['last_accessed_at', 'timestamp with time zone'],
      ['metadata', 'jsonb'],
      ['path_tokens', 'text[]'],
      ['version', 'text'],
      ['owner_id', 'text'],
      ['user_metadata', 'jsonb'],
    ],
    primaryKey: ['id'],
  },
  'storage.buckets': {
    columns: [
      ['id', 'text'],
      ['name', 'text'],
      ['owner', 'uuid'],
      ['public', 'boolean'],
    ],
    primaryKey: ['id'],
  },
  'realtime.messages': {
    columns: [
      ['id', 'uuid'],
      ['topic', 'text'],
      ['extension', 'text'],
      ['payload', 'jsonb'],
      ['event', 'text'],
      ['private', 'boolean'],
      ['inserted_at', 'timestamp without time zone'],
    ],
    primaryKey: ['id', 'inserted_at'],
  },
  'auth.users': {
    columns: [
      ['id', 'uuid'],
      ['email', 'character varying(255)'],
      ['raw_app_meta_data', 'jsonb'],
      ['raw_user_meta_data', 'jsonb'],
      ['created_at', 'timestamp with time zone'],
    ],
    primaryKey: ['id'],
  },
}

/** Adds what a less trusted source knows and the better one does not. A table that a migration dropped stays dropped. */
export function mergeCatalog(into: Catalog, from: Catalog): Catalog {
  for (const [key, table] of from.tables) {
    if (!table.defined || into.tables.get(key)?.defined || into.dropped.has(key)) continue
    defineTable(into, table)
  }
  addMissing(into.functions, from.functions)
  addMissing(into.enums, from.enums)
  addMissing(into.triggers, from.triggers)
  addMissing(into.extensions, from.extensions)
  addMissing(into.buckets, from.buckets)
  for (const table of from.realtimeTables) into.realtimeTables.add(table)
  into.grants.push(...from.grants)
  into.problems.push(...from.problems)
  return into
}

function addMissing<T>(into: Map<string, T>, from: Map<string, T>): void {
  for (const [key, value] of from) if (!into.has(key)) into.set(key, value)
}

/**
 * Settles the tables that files refer to without creating them: known tables of the platform are put in when policies
 * stand on them, the others become problems (a policy on a table that somebody made by hand).
 */
export function platformTables(catalog: Catalog): void {
  dropPlatform(catalog)
  for (const [key, table] of catalog.tables) {
    if (table.defined) continue
    const known = PLATFORM[key]
    if (known) fillPlatform(table, known)
    else if (!['auth', 'storage', 'realtime', 'cron', 'vault', 'pg_temp', 'net'].includes(table.schema)) {
      catalog.problems.push({ location: table.location, message: `table ${key} is used but no file creates it` })
    }
  }
}

/** A dump of the whole project defines the platform too; only what the app put there stays. */
function dropPlatform(catalog: Catalog): void {
  const platform = new Set(PLATFORM_SCHEMAS)
  for (const [key, table] of catalog.tables) {
    if (!table.defined || !platform.has(table.schema)) continue
    if (table.policies.length > 0) table.platform = true
    else catalog.tables.delete(key)
  }
  for (const [key, own] of catalog.functions) {
    const helper = own.schema === 'auth' && ['uid', 'role', 'email', 'jwt'].includes(own.name)
    if (helper || (platform.has(own.schema) && own.schema !== 'auth')) catalog.functions.delete(key)
  }
  for (const [key, trigger] of catalog.triggers) {
    if (platform.has(trigger.schema) && platform.has(trigger.function.split('.')[0] ?? '')) catalog.triggers.delete(key)
  }
}

function fillPlatform(table: DraftTable, known: (typeof PLATFORM)[string]): void {
  if (table.policies.length === 0) return
  table.defined = true
  table.platform = true
  table.rowLevelSecurity = true
  table.columns = known.columns.map(([name, type]) => ({
    name,
    type,
    notNull: known.primaryKey.includes(name),
    location: table.location,
  }))
  const name = `${table.name}_pkey`
  table.constraints.push({ name, kind: 'primary-key', columns: known.primaryKey, location: table.location })
  table.unknown.push('indexes')
}
