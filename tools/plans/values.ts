import type { CatalogTable } from './catalog.ts'
import { tableKey } from './catalog.ts'
import { quoteName, type Values } from './query/filters.ts'
import { type Recipes, typicalRow } from './seed/recipe.ts'
import type { Copy } from './session.ts'

/** Ordinary values of the filled tables: those of an ordinary row, which is the same for children and parents. */
export function createValues(copy: Copy, recipes: Recipes): Values {
  const known = new Map<string, Promise<string[]>>()
  const quantiles = new Map<string, Promise<string | undefined>>()
  return {
    user: copy.user,
    typical: (table, column, count = 1) => {
      const key = `${tableKey(table)}.${column}.${count}`
      const found = known.get(key) ?? typicalValues(copy, recipes, table, column, Math.min(count, 100))
      known.set(key, found)
      return found
    },
    quantile: (table, column, share) => {
      const key = `${tableKey(table)}.${column}.${share}`
      const found = quantiles.get(key) ?? quantile(copy, table, column, share)
      quantiles.set(key, found)
      return found
    },
  }
}

/** Id of the ordinary user. */
export async function typicalUser(
  copy: Copy,
  recipes: Recipes,
  tables: ReadonlyMap<string, CatalogTable>,
): Promise<string> {
  const users = tables.get('auth.users')
  const [id] = users ? await typicalValues(copy, recipes, users, 'id', 1) : []
  return id?.slice(1, -1) ?? '00000000-0000-0000-0000-000000000000'
}

async function typicalValues(
  { owner }: Copy,
  recipes: Recipes,
  table: CatalogTable,
  column: string,
  count: number,
): Promise<string[]> {
  const recipe = recipes.of(tableKey(table))
  const own = recipe?.kept === false ? recipe.columns.find(c => c.name === column) : undefined
  const sql = own
    ? own.parent
      ? from(own.parent.sql('g.n'), typicalRow(own.parent.rows), count)
      : from(own.sql('g.n'), typicalRow(recipe?.rows ?? 1), count)
    : `select distinct v from (select ${quoteName(column)}::text as v from ${quoteName(table.schema)}.${quoteName(table.name)} limit 1000) s where v is not null order by v limit ${count}`
  try {
    const { rows } = await owner.query<{ v: string }>(sql)
    return rows.map(({ v }) => owner.escapeLiteral(v))
  } catch {
    return []
  }
}

/** The first values that are not NULL from the ordinary row on. */
function from(value: string, row: number, count: number): string {
  return `select (${value})::text as v from generate_series(${row}::bigint, ${row + 20 + count}::bigint) as g(n) where (${value}) is not null limit ${count}`
}

async function quantile(
  { owner }: Copy,
  table: CatalogTable,
  column: string,
  share: number,
): Promise<string | undefined> {
  const name = quoteName(column)
  try {
    const { rows } = await owner.query<{ v: string | null }>(
      `select (percentile_disc(${share}) within group (order by ${name}))::text as v from (select ${name} from ${quoteName(table.schema)}.${quoteName(table.name)} limit 1000) s`,
    )
    const value = rows[0]?.v
    return value === null || value === undefined ? undefined : owner.escapeLiteral(value)
  } catch {
    return undefined
  }
}
