import type { Client } from 'pg'

/** What the seeder has to know of a table, straight from the catalogs of the copy that it fills. */
export interface CatalogTable {
  oid: string
  schema: string
  name: string
  columns: CatalogColumn[]
  /** Primary key first, then unique constraints and unique indexes on plain columns; partial ones left out. */
  uniques: string[][]
  foreignKeys: CatalogForeignKey[]
  checks: { name: string; expression: string }[]
  /** Some foreign key points here. */
  referenced: boolean
  indexes: string[]
  /** Rows that the migrations left in it. */
  rows: number
}

export interface CatalogColumn {
  name: string
  /** Name of the type without modifier, the base type of a domain; "_text" for text[]. */
  type: string
  /** As format_type prints it, for casts. */
  typeText: string
  kind: 'base' | 'enum' | 'domain' | 'composite' | 'range' | 'other'
  notNull: boolean
  default?: string
  generated: boolean
  identity: boolean
  /** Characters of varchar(n), or precision and scale of numeric(p, s). */
  length?: number
  precision?: [number, number]
  labels?: string[]
}

export interface CatalogForeignKey {
  name: string
  columns: string[]
  schema: string
  table: string
  references: string[]
}

/** Every ordinary table outside of the system schemas; partitions are filled through their parents. */
const COLUMNS = `
select c.oid::text as relation, n.nspname as schema, c.relname as table, a.attname as name,
  case when t.typtype = 'd' then b.typname else t.typname end as type,
  format_type(a.atttypid, a.atttypmod) as "typeText", t.typtype as kind,
  a.attnotnull or t.typnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default, a.attgenerated <> '' as generated,
  a.attidentity <> '' as identity, case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as modifier,
  (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_type b on b.oid = t.typbasetype
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by n.nspname, c.relname, a.attnum`

const CONSTRAINTS = `
select k.conrelid::text as relation, k.conname as name, k.contype as type, pg_get_expr(k.conbin, k.conrelid) as expression,
  (select array_agg(a.attname::text order by o.n) from unnest(k.conkey) with ordinality o(num, n)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = o.num) as columns,
  (select array_agg(a.attname::text order by o.n) from unnest(k.confkey) with ordinality o(num, n)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = o.num) as references,
  k.confrelid::text as target, fn.nspname as "foreignSchema", f.relname as "foreignTable"
from pg_constraint k
left join pg_class f on f.oid = k.confrelid
left join pg_namespace fn on fn.oid = f.relnamespace
where k.contype in ('c', 'f') and k.conrelid <> 0
order by k.conrelid, k.conname`

const INDEXES = `
select i.indrelid::text as relation, c.relname as name, i.indisunique as unique, i.indisprimary as primary,
  i.indexprs is null and i.indpred is null as plain,
  (select array_agg(a.attname::text order by o.n) from unnest(i.indkey) with ordinality o(num, n)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = o.num where o.n <= i.indnkeyatts) as columns
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class r on r.oid = i.indrelid
join pg_namespace n on n.oid = r.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
order by i.indrelid, i.indisprimary desc, c.relname`

interface ColumnRow extends Omit<CatalogColumn, 'kind' | 'length' | 'precision' | 'labels'> {
  relation: string
  schema: string
  table: string
  kind: string
  modifier: number
  labels: string[] | null
}

interface ConstraintRow {
  relation: string
  name: string
  type: string
  expression: string | null
  columns: string[] | null
  references: string[] | null
  target: string
  foreignSchema: string | null
  foreignTable: string | null
}

interface IndexRow {
  relation: string
  name: string
  unique: boolean
  primary: boolean
  plain: boolean
  columns: string[] | null
}

export function tableKey({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`
}

/** All tables by "schema.name", with the rows that they have. */
export async function readTables(client: Client): Promise<Map<string, CatalogTable>> {
  const columns = await client.query<ColumnRow>(COLUMNS)
  const constraints = await client.query<ConstraintRow>(CONSTRAINTS)
  const indexes = await client.query<IndexRow>(INDEXES)
  const byOid = new Map<string, CatalogTable>()
  for (const row of columns.rows) {
    const table = byOid.get(row.relation) ?? emptyTable(row)
    table.columns.push(columnOf(row))
    byOid.set(row.relation, table)
  }
  for (const row of constraints.rows) addConstraint(byOid, row)
  for (const { relation, name, unique, plain, columns: keys } of indexes.rows) {
    const table = byOid.get(relation)
    table?.indexes.push(name)
    if (unique && plain && keys) table?.uniques.push(keys)
  }
  for (const table of byOid.values()) {
    const { rows } = await client.query<{ rows: string }>(
      `select count(*) as rows from ${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`,
    )
    table.rows = Number(rows[0]?.rows ?? 0)
  }
  return new Map([...byOid.values()].map(table => [tableKey(table), table]))
}

function emptyTable({ relation, schema, table }: ColumnRow): CatalogTable {
  const lists = { columns: [], uniques: [], foreignKeys: [], checks: [], indexes: [] }
  return { oid: relation, schema, name: table, ...lists, referenced: false, rows: 0 }
}

const KINDS: Record<string, CatalogColumn['kind']> = {
  b: 'base',
  e: 'enum',
  d: 'domain',
  c: 'composite',
  r: 'range',
  m: 'range',
}

function columnOf(row: ColumnRow): CatalogColumn {
  const { name, type, typeText, notNull, generated, identity, modifier } = row
  return {
    name,
    type,
    typeText,
    kind: KINDS[row.kind] ?? 'other',
    notNull,
    generated,
    identity,
    ...(row.default ? { default: row.default } : {}),
    ...(modifier > 4 && /^(varchar|bpchar)$/.test(type) ? { length: modifier - 4 } : {}),
    // numeric(p, s) is stored as ((p << 16) | s) + 4.
    ...(modifier > 4 && type === 'numeric' ? { precision: [(modifier - 4) >> 16, (modifier - 4) & 0xffff] } : {}),
    ...(row.labels ? { labels: row.labels } : {}),
  }
}

function addConstraint(tables: Map<string, CatalogTable>, row: ConstraintRow): void {
  const table = tables.get(row.relation)
  if (!table) return
  if (row.type === 'c' && row.expression) table.checks.push({ name: row.name, expression: row.expression })
  if (row.type !== 'f' || !row.columns || !row.references || !row.foreignSchema || !row.foreignTable) return
  const { columns, references, foreignSchema: schema, foreignTable } = row
  table.foreignKeys.push({ name: row.name, columns, schema, table: foreignTable, references })
  const target = tables.get(row.target)
  if (target) target.referenced = true
}
