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
  const bounds = access.shapes.map(shape => boundOfShape(shape, uniqueKeys(access, schema)))
  return WEAKEST_FIRST.find(bound => bounds.includes(bound)) ?? 'unknown'
}

export function boundOfShape(shape: AccessDraft, unique: readonly string[][]): Bound {
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

/** The keys of the table as the schema has them; a column called `id` where there is no schema. */
export function uniqueKeys({ table, schema: name }: DataAccess, schema: SchemaModel | undefined): string[][] {
  const found = tableOf(schema, { table, schema: name })
  return found && found.uniqueKeys.length > 0 ? found.uniqueKeys : [['id'], ['uuid'], ['slug']]
}
