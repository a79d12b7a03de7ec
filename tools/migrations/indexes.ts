import { chooseName } from '../schema/fold/catalog.ts'
import type { SchemaIndex, SchemaModel, SchemaTable } from '../schema/model.ts'
import type { CreateIndexRequest, DropIndexRequest, IndexKey, PartOutcome } from './model.ts'
import { fits, identifier, qualifiedName, snake, splitName } from './quote.ts'

/** Migrations that create and drop indexes. */

export function findTable(schema: SchemaModel, name: string): SchemaTable | undefined {
  const { schema: own, bare } = splitName(name)
  return schema.tables.find(table => table.schema === own && table.name === bare)
}

export function createIndex(request: CreateIndexRequest, schema: SchemaModel, taken: Set<string>): PartOutcome {
  const table = findTable(schema, request.table)
  if (!table) return { declined: `${request.table} is not in the schema` }
  if (table.platform) return { declined: `${request.table} belongs to the platform` }
  if (table.kind === 'view') return { declined: `${request.table} is a view: an index goes on the tables below it` }
  if (schema.tables.some(other => other.partitionOf === request.table)) {
    return { declined: `${request.table} is partitioned: PostgreSQL cannot build an index on it concurrently` }
  }
  const keys = request.keys.map((key): IndexKey => (typeof key === 'string' ? { column: key } : key))
  const columns = [...keys.flatMap(key => key.column ?? []), ...(request.include ?? [])]
  const missing = columns.find(name => !table.columns.some(column => column.name === name))
  if (missing !== undefined) return { declined: `${request.table} has no column ${missing}` }
  if (keys.length === 0) return { declined: 'an index needs a key' }
  const method = request.method ?? 'btree'
  const name = request.name ?? indexName(schema, table, keys, taken)
  if (isTaken(schema, table.schema, name) || taken.has(`${table.schema}.${name}`)) {
    return { declined: `${name} is taken in ${table.schema}` }
  }
  taken.add(`${table.schema}.${name}`)
  const definition = [
    `if not exists ${identifier(name)}`,
    `on ${qualifiedName(request.table)}${method === 'btree' ? '' : ` using ${method}`} (${keys.map(keyText).join(', ')})`,
    ...(request.include?.length ? [`include (${request.include.map(identifier).join(', ')})`] : []),
    ...(request.predicate ? [`where ${request.predicate}`] : []),
  ].join(' ')
  const index = `${identifier(table.schema)}.${identifier(name)}`
  return {
    slug: `index_${snake(`${table.name}_${keys.map(keyWord).join('_')}`, 50)}`,
    transactional: false,
    locks: false,
    up: [`create index concurrently ${definition}`],
    insideTransaction: [`create index ${definition}`],
    down: [`drop index concurrently if exists ${index}`],
    comment: [
      'Built without blocking writes. It must stay the only statement of this file: CONCURRENTLY does not run in a transaction.',
      `A build that fails or is cancelled leaves an invalid index behind, which "if not exists" would take for a good one. Then run`,
      `  drop index concurrently if exists ${index};`,
      'and this file again.',
    ],
    notes: [
      `A build of \`${name}\` that fails leaves it invalid (\`select indexrelid::regclass from pg_index where not indisvalid\`): run the counter-migration, then the migration again.`,
    ],
    creates: { table: request.table, name, columns: keys.flatMap(key => key.column ?? []) },
  }
}

function keyText(key: IndexKey): string {
  const what = key.column === undefined ? `(${key.expression ?? ''})` : identifier(key.column)
  return [what, key.opclass, key.descending ? 'desc' : undefined].filter(part => part !== undefined).join(' ')
}

function keyWord(key: IndexKey): string {
  return key.column ?? 'expr'
}

/** How the schema's other indexes are called; `{table}_{columns}_idx`, PostgreSQL's own way, where nothing else prevails. */
const CONVENTIONS: {
  test: (name: string, table: string) => boolean
  make: (table: string, columns: string) => string
}[] = [
  { test: (name, table) => name.startsWith(`${table}_`) && name.endsWith('_idx'), make: (t, c) => `${t}_${c}_idx` },
  { test: (name, table) => name.startsWith(`idx_${table}`), make: (t, c) => `idx_${t}_${c}` },
  { test: name => name.startsWith('idx_'), make: (t, c) => `idx_${t}_${c}` },
  { test: (name, table) => name.startsWith(`ix_${table}`), make: (t, c) => `ix_${t}_${c}` },
  { test: (name, table) => name.startsWith(`${table}_`) && name.endsWith('_index'), make: (t, c) => `${t}_${c}_index` },
  { test: (name, table) => name.startsWith(`index_${table}_on_`), make: (t, c) => `index_${t}_on_${c}` },
]

function indexName(schema: SchemaModel, table: SchemaTable, keys: readonly IndexKey[], taken: Set<string>): string {
  const columns = keys.map(keyWord).join('_')
  const isFree = (name: string): boolean =>
    !isTaken(schema, table.schema, name) && !taken.has(`${table.schema}.${name}`)
  const plain = prevailing(schema)(table.name, columns)
  for (let n = 1; n < 100; n += 1) {
    const name = n === 1 ? plain : `${plain}_${n}`
    if (fits(name) && isFree(name)) return name
    if (!fits(name)) break
  }
  return chooseName(table.name, keys.map(keyWord), 'idx', name => !isFree(name))
}

function prevailing(schema: SchemaModel): (table: string, columns: string) => string {
  const votes = CONVENTIONS.map(() => 0)
  for (const table of schema.tables) {
    if (table.platform) continue
    for (const index of table.indexes) {
      if (index.constraint !== undefined) continue
      const at = CONVENTIONS.findIndex(({ test }) => test(index.name, table.name))
      if (at >= 0) votes[at] = (votes[at] ?? 0) + 1
    }
  }
  const best = votes.indexOf(Math.max(...votes))
  return CONVENTIONS[best]?.make ?? ((table, columns) => `${table}_${columns}_idx`)
}

/** Tables, views and indexes of a schema share one space of names. */
function isTaken(schema: SchemaModel, own: string, name: string): boolean {
  return schema.tables.some(
    table => table.schema === own && (table.name === name || table.indexes.some(index => index.name === name)),
  )
}

export function dropIndex(request: DropIndexRequest, schema: SchemaModel): PartOutcome {
  const table = findTable(schema, request.table)
  const index = table?.indexes.find(({ name }) => name === request.index)
  if (!table || !index) return { declined: `${request.table} has no index ${request.index}` }
  if (index.constraint) return { declined: `${index.name} belongs to a ${index.constraint} constraint` }
  const definition = definitionOf(table, index)
  if (!definition) return { declined: `how ${index.name} is made is not known well enough to bring it back` }
  return {
    slug: `drop_${snake(index.name, 50)}`,
    // The way up could be; the way back builds the index again.
    transactional: false,
    locks: true,
    // Not concurrently: a drop holds its lock for a moment only and lock_timeout bounds the wait for it, and migration tools that run
    // everything in a transaction can run it (the Supabase CLI refused DROP INDEX CONCURRENTLY until August 2026).
    up: [`drop index if exists ${identifier(table.schema)}.${identifier(index.name)}`],
    insideTransaction: [`drop index if exists ${identifier(table.schema)}.${identifier(index.name)}`],
    down: [definition],
    comment: [],
    notes: [],
  }
}

/** The statement that made the index, from its parts. Undefined where the model does not know them all. */
function definitionOf(table: SchemaTable, index: SchemaIndex): string | undefined {
  const plain = index.columns.map(column => ({ column, descending: false, nullsFirst: false }))
  const keys: NonNullable<SchemaIndex['keys']> = index.keys ?? plain
  if (!index.keys && index.columns.some(column => column.startsWith('('))) return undefined
  if (index.partial && index.predicate === undefined) return undefined
  const texts = keys.map(key => {
    const what = key.column === undefined ? `(${key.expression ?? ''})` : identifier(key.column)
    const order = key.descending ? ' desc' : ''
    const usual = key.nullsFirst === key.descending
    const nulls = usual ? '' : key.nullsFirst ? ' nulls first' : ' nulls last'
    return `${what}${key.opclass ? ` ${key.opclass}` : ''}${order}${nulls}`
  })
  return [
    `create ${index.unique ? 'unique ' : ''}index concurrently if not exists ${identifier(index.name)}`,
    `on ${identifier(table.schema)}.${identifier(table.name)}${index.method === 'btree' ? '' : ` using ${index.method}`} (${texts.join(', ')})`,
    ...(index.include?.length ? [`include (${index.include.map(identifier).join(', ')})`] : []),
    ...(index.predicate ? [`where ${index.predicate}`] : []),
  ].join(' ')
}
