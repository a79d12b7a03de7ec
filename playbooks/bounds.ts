import type { AccessDraft, DataAccess } from '../tools/code/model.ts'
import type { SchemaModel } from '../tools/schema/model.ts'
import { tableOf } from './shared.ts'

/** What keeps the number of rows of one access small; the words of the assessment's `bound`. */
export type Bound =
  | 'limit'
  | 'range'
  | 'unique-key'
  | 'single'
  | 'head'
  | 'aggregate'
  | 'write'
  | 'bounded-list'
  | 'none'
  | 'unknown'

/** From the weakest on: an access is as bounded as the weakest of the ways in which it runs. */
const WEAKEST_FIRST: Bound[] = [
  'none',
  'unknown',
  'bounded-list',
  'single',
  'range',
  'limit',
  'unique-key',
  'aggregate',
  'head',
  'write',
]

export function boundOf(access: DataAccess, schema: SchemaModel | undefined): Bound {
  const keys = uniqueKeys(access, schema)
  const bounds = access.shapes.map(shape => boundOfShape(shape, keys))
  return WEAKEST_FIRST.find(bound => bounds.includes(bound)) ?? 'unknown'
}

/** Keys of a table: those that the schema proves, and columns whose name says key where no schema can tell. */
export interface Keys {
  unique: readonly string[][]
  likely: readonly string[]
}

export function boundOfShape(shape: AccessDraft, { unique, likely }: Keys): Bound {
  if (shape.op === 'rpc' || shape.op === 'raw') return bySql(shape)
  if (shape.op !== 'select') return 'write'
  if (shape.head) return 'head'
  if (shape.aggregate) return 'aggregate'
  const equal = columnsOf(shape, ['eq', 'is', 'match'])
  if (unique.some(key => key.every(column => equal.has(column)))) return 'unique-key'
  if (shape.limit) return 'limit'
  if (shape.range) return 'range'
  if (shape.single) return 'single'
  const listed = columnsOf(shape, ['in'])
  if (unique.some(key => key.every(column => equal.has(column) || listed.has(column)))) return 'bounded-list'
  if (likely.some(column => equal.has(column) || listed.has(column))) return 'unknown'
  return shape.filters.some(({ column }) => column === null) ? 'unknown' : 'none'
}

/** Of SQL text and database functions little is known but a limit. */
function bySql({ limit, single, head, aggregate }: AccessDraft): Bound {
  if (head) return 'head'
  if (aggregate) return 'aggregate'
  if (limit) return 'limit'
  return single ? 'single' : 'unknown'
}

function columnsOf({ filters }: AccessDraft, operators: readonly string[]): Set<string> {
  return new Set(filters.flatMap(({ column, op }) => (column !== null && operators.includes(op) ? [column] : [])))
}

/** The table is not in the schema, or what describes it knows no keys: `id` is taken for one, the others are left open. */
const UNPROVEN: Keys = { unique: [['id']], likely: ['uuid', 'slug', 'handle', 'username', 'email'] }

/** The keys of the table as the schema has them. */
export function uniqueKeys({ table, schema: name }: DataAccess, schema: SchemaModel | undefined): Keys {
  const found = tableOf(schema, { table, schema: name })
  if (found?.kind !== 'table' || found.unknown?.includes('uniqueKeys')) return UNPROVEN
  return { unique: found.uniqueKeys, likely: [] }
}
