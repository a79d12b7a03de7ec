import { type CatalogForeignKey, type CatalogTable, tableKey } from '../catalog.ts'
import { isNameLike, nullShare, pick, plainValue, timeOfRow, uniform, uniqueValue, type ValueSql } from './values.ts'

/** How the rows of one table are made at its target size. */
export interface Recipe {
  table: CatalogTable
  /** Rows at the target; what its keys allow may be less than what was asked for. */
  rows: number
  /** The rows that the migrations inserted stay as they are. */
  kept: boolean
  columns: ColumnRecipe[]
  /** NOT NULL columns of types that no value is known for. */
  unknown: string[]
}

export interface ColumnRecipe {
  name: string
  /** `row`: a function of the row's number, so that keys are unique; `draw`: of a draw, which may be repeated. */
  by: 'row' | 'draw'
  sql: ValueSql
  /** Foreign keys: the value that points at parent number n. */
  parent?: { sql: ValueSql; rows: number }
}

/**
 * Number of the ordinary row of a table: half of the rows below it belong to parents up to this one, so that it is neither
 * the one with most children nor one with none.
 */
export function typicalRow(rows: number): number {
  return Math.max(1, Math.ceil(rows * 0.5 ** SKEW))
}

export interface Recipes {
  of(key: string): Recipe | undefined
}

/** Share of a foreign key's children that its commonest parents have: P(rank ≤ x) = (x / parents)^(1/3). */
const SKEW = 3

/**
 * Recipes for all tables: keys are unique and foreign keys point at rows that are there, by arithmetic and without looking
 * anything up, so that any rows of a table can be made without the others.
 *
 * @param wanted rows at the target by "schema.table"; tables that are not in it keep what they have
 * @param existing key values of tables that keep their rows, by "schema.table.column", as SQL array
 */
export function createRecipes(
  tables: ReadonlyMap<string, CatalogTable>,
  wanted: ReadonlyMap<string, number>,
  existing: (key: string, column: string) => { sql: string; size: number } | undefined,
): Recipes {
  const made = new Map<string, Recipe>()
  const making = new Set<string>()

  const of = (key: string): Recipe | undefined => {
    const known = made.get(key)
    if (known) return known
    const table = tables.get(key)
    if (!table || making.has(key)) return undefined
    making.add(key)
    const recipe = make(table)
    making.delete(key)
    made.set(key, recipe)
    return recipe
  }

  const make = (table: CatalogTable): Recipe => {
    const asked = wanted.get(tableKey(table))
    const kept = asked === undefined || (table.rows > 0 && asked <= table.rows)
    if (kept) return { table, rows: table.rows, kept, columns: [], unknown: [] }
    const single = table.uniques.find(key => table.foreignKeys.some(f => sameColumns(f.columns, key)))
    const parent = single && table.foreignKeys.find(f => sameColumns(f.columns, single))
    const most = parent ? (parentRows(parent, table) ?? asked) : asked
    const rows = Math.max(1, Math.min(asked, most))
    const columns = columnsOf(table, rows)
    const unknown = table.columns
      .filter(c => c.notNull && !c.default && !c.generated && !columns.has(c.name))
      .map(c => c.name)
    return { table, rows, kept, columns: [...columns.values()], unknown }
  }

  const parentRows = (key: CatalogForeignKey, child: CatalogTable): number | undefined => {
    const parent = tableKey({ schema: key.schema, name: key.table })
    return parent === tableKey(child) ? undefined : of(parent)?.rows
  }

  const columnsOf = (table: CatalogTable, rows: number): Map<string, ColumnRecipe> => {
    const columns = new Map<string, ColumnRecipe>()
    keyColumns(table, columns)
    for (const key of [...table.foreignKeys].sort((a, b) => b.columns.length - a.columns.length))
      foreignColumns(table, key, rows, columns)
    for (const column of table.columns) {
      if (column.generated || columns.has(column.name)) continue
      const unique = isNameLike(table, column) ? uniqueValue(table, column) : undefined
      const row = unique ?? timeOfRow(column, rows)
      const draw = row ? undefined : plainValue(table, column)
      if (row) columns.set(column.name, { name: column.name, by: 'row', sql: row })
      else if (draw) columns.set(column.name, { name: column.name, by: 'draw', sql: draw })
    }
    return columns
  }

  /** One column of each key, outside of the foreign keys, is different in every row. */
  const keyColumns = (table: CatalogTable, columns: Map<string, ColumnRecipe>): void => {
    const foreign = new Set(table.foreignKeys.flatMap(f => f.columns))
    for (const key of table.uniques) {
      if (key.some(name => columns.has(name))) continue
      for (const name of key) {
        const column = table.columns.find(c => c.name === name)
        const sql = column && !foreign.has(name) && !column.generated ? uniqueValue(table, column) : undefined
        if (!sql) continue
        columns.set(name, { name, by: 'row', sql })
        break
      }
    }
  }

  const foreignColumns = (
    table: CatalogTable,
    key: CatalogForeignKey,
    rows: number,
    columns: Map<string, ColumnRecipe>,
  ): void => {
    if (key.columns.some(name => columns.has(name))) return
    const parentKey = tableKey({ schema: key.schema, name: key.table })
    const self = parentKey === tableKey(table)
    const parent = self ? undefined : of(parentKey)
    if (!self && !parent) return
    const first = key.columns[0]!
    const salt = `${tableKey(table)}.${first}>`
    const column = table.columns.find(c => c.name === first)
    const share = column ? (self ? Math.max(nullShare(column), column.notNull ? 0 : 0.7) : nullShare(column)) : 0
    const count = self ? rows : (parent?.rows ?? 0)
    if (count === 0) return
    const choice = parentChoice(table, key, rows, { count, salt })
    for (const [index, name] of key.columns.entries()) {
      const value = self
        ? ownKey(table, key.references[index]!, columns)
        : parentValue(parent!, parentKey, key.references[index]!)
      if (!value) continue
      const bare: ValueSql = n => value(choice.sql(n))
      const sql: ValueSql =
        share > 0 && choice.by === 'draw'
          ? n => `(case when ${uniform(n, `${salt}?`)} >= ${share} then ${bare(n)} end)`
          : bare
      columns.set(name, { name, by: choice.by, sql, parent: { sql: value, rows: count } })
    }
  }

  /** Which parent a row has. */
  const parentChoice = (
    table: CatalogTable,
    key: CatalogForeignKey,
    rows: number,
    { count, salt }: { count: number; salt: string },
  ): { by: ColumnRecipe['by']; sql: ValueSql } => {
    // The parent alone is unique: as many rows as parents, one each.
    if (table.uniques.some(unique => sameColumns(unique, key.columns)))
      return { by: 'row', sql: n => `(((${n}) - 1) % ${count} + 1)` }
    const joint = table.uniques.find(unique => key.columns.every(name => unique.includes(name)))
    const position = joint ? jointPosition(table, joint, key, rows) : undefined
    // Two foreign keys that are unique together and close to full: all pairs in turn.
    if (position) return { by: 'row', sql: n => `(((${n}) - 1) / ${position.before} % ${count} + 1)` }
    return { by: 'draw', sql: n => `${pick(n, salt, String(count), SKEW)}::bigint` }
  }

  const jointPosition = (table: CatalogTable, joint: string[], key: CatalogForeignKey, rows: number) => {
    const keys = table.foreignKeys.filter(f => f.columns.every(name => joint.includes(name)))
    // A free column of the key is different in every row already.
    if (!joint.every(name => keys.some(f => f.columns.includes(name)))) return undefined
    const counts = keys.map(f => parentRows(f, table) ?? rows)
    const pairs = counts.reduce((product, count) => product * count, 1)
    if (pairs > rows * 100 && !table.referenced) return undefined
    const before = counts.slice(0, keys.indexOf(key)).reduce((product, count) => product * count, 1)
    return { before: Math.max(1, before) }
  }

  const ownKey = (_table: CatalogTable, column: string, columns: Map<string, ColumnRecipe>): ValueSql | undefined => {
    const own = columns.get(column)
    return own?.by === 'row' ? own.sql : undefined
  }

  const parentValue = (parent: Recipe, key: string, column: string): ValueSql | undefined => {
    if (!parent.kept) {
      const own = parent.columns.find(c => c.name === column)
      return own?.by === 'row' ? own.sql : undefined
    }
    const values = existing(key, column)
    return values && (n => `(${values.sql})[${n}]`)
  }

  return { of }
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name))
}
