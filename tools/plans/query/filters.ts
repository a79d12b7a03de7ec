import type { FilterDraft } from '../../code/known/access.ts'
import type { CatalogTable } from '../catalog.ts'
import { quoteLiteral } from '../seed/values.ts'
import { splitTop } from './select.ts'

/** Where values that the code does not name come from: ordinary ones of the data that is there. */
export interface Values {
  /** SQL literals of the column, `count` different ones where there are; empty when the column has none. */
  typical(table: CatalogTable, column: string, count?: number): Promise<string[]>
  /** SQL literal below which the given share of the values lies. */
  quantile(table: CatalogTable, column: string, share: number): Promise<string | undefined>
  /** Id of the user who asks. */
  user: string
}

export interface Condition {
  sql: string
  /** Something about it is not known, so that it stands for a condition of its kind. */
  guessed: boolean
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Conditions of an access; a filter on a column that is not known is left out, and `left` counts it. */
export async function conditionsOf(
  filters: readonly FilterDraft[],
  raw: string | undefined,
  table: CatalogTable,
  qualifier: string,
  values: Values,
): Promise<{ conditions: Condition[]; left: number }> {
  const conditions: Condition[] = []
  let left = 0
  for (const filter of filters) {
    if (filter.op === 'or' && filter.column === null) {
      const tree = raw ? await logic('or', raw, table, qualifier, values) : undefined
      if (tree) conditions.push(tree)
      else left += 1
      continue
    }
    const condition = filter.column === null ? undefined : await comparison(filter, table, qualifier, values)
    if (condition) conditions.push(condition)
    else left += 1
  }
  return { conditions, left }
}

interface Comparison {
  column: string | null
  op: string
  value?: string | number | boolean | null
  auth?: boolean
  listLength?: number
}

async function comparison(
  filter: FilterDraft | Comparison,
  table: CatalogTable,
  qualifier: string,
  values: Values,
): Promise<Condition | undefined> {
  const { column: name, op } = filter
  // "profiles.username" filters an embedded table.
  const column = table.columns.find(c => c.name === name) ?? table.columns.find(c => c.name === snake(name ?? ''))
  if (!column) return undefined
  const left = `${qualifier}.${quoteName(column.name)}`
  if (op.startsWith('not.')) {
    const inner = await comparison({ ...filter, op: op.slice(4) }, table, qualifier, values)
    return inner && { ...inner, sql: `NOT (${inner.sql})` }
  }
  const known = filter.value === undefined || filter.value === null ? undefined : quoteLiteral(String(filter.value))
  const isUser = 'meta' in filter ? filter.meta?.auth === true : filter.auth === true
  const guess = async (): Promise<string | undefined> => {
    if (known !== undefined) return known
    if (isUser && /uuid|text|varchar/.test(column.type) && isOfUser(table, column.name))
      return quoteLiteral(values.user)
    return (await values.typical(table, column.name))[0]
  }
  const guessed = known === undefined
  switch (op) {
    case 'eq':
    case 'neq':
    case 'equals':
    case 'ne': {
      const value = await guess()
      return value === undefined
        ? undefined
        : { sql: `${left} ${op === 'eq' || op === 'equals' ? '=' : '<>'} ${value}`, guessed }
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return range(op, left, column.type, known, () =>
        values.quantile(table, column.name, op.startsWith('g') ? 0.9 : 0.5),
      )
    case 'is':
    case 'isNull':
    case 'isNotNull':
    case 'isDistinct': {
      const word = op === 'isNotNull' ? 'NOT NULL' : typeof filter.value === 'boolean' ? String(filter.value) : 'NULL'
      return { sql: `${left} IS ${word}`, guessed: filter.value === undefined && op === 'is' }
    }
    case 'in':
    case 'notIn': {
      const list = await values.typical(table, column.name, filter.listLength ?? LIST_LENGTH)
      return list.length > 0
        ? {
            sql: `${left} ${op === 'in' ? '=' : '<>'} ${op === 'in' ? 'ANY' : 'ALL'} (ARRAY[${list.join(', ')}]::${column.typeText}[])`,
            guessed,
          }
        : undefined
    }
    case 'like':
    case 'ilike':
    case 'contains' as string:
      return pattern(op, left, column.type, known, guess)
    case 'overlaps':
    case 'containedBy': {
      const value = await guess()
      return value === undefined ? undefined : { sql: `${left} ${op === 'overlaps' ? '&&' : '<@'} ${value}`, guessed }
    }
    case 'textSearch':
    case 'fts':
    case 'plfts':
    case 'wfts': {
      const vector = column.type === 'tsvector' ? left : `to_tsvector(${left}::text)`
      return { sql: `${vector} @@ plainto_tsquery('metal')`, guessed: true }
    }
  }
  return undefined
}

/** Values in an `in` list whose length the code does not tell. */
const LIST_LENGTH = 10

async function range(
  op: string,
  left: string,
  type: string,
  known: string | undefined,
  quantile: () => Promise<string | undefined>,
): Promise<Condition | undefined> {
  const operator = { gt: '>', gte: '>=', lt: '<', lte: '<=' }[op] ?? '='
  if (known !== undefined) return { sql: `${left} ${operator} ${known}`, guessed: false }
  // Code asks for what is recent, or for what is due.
  if (/^(timestamp|date)/.test(type))
    return { sql: `${left} ${operator} ${op.startsWith('g') ? `now() - interval '7 days'` : 'now()'}`, guessed: true }
  const value = await quantile()
  return value === undefined ? undefined : { sql: `${left} ${operator} ${value}`, guessed: true }
}

async function pattern(
  op: string,
  left: string,
  type: string,
  known: string | undefined,
  guess: () => Promise<string | undefined>,
): Promise<Condition | undefined> {
  if (op === 'contains' && /^(_|jsonb)/.test(type)) {
    const value = await guess()
    return value === undefined ? undefined : { sql: `${left} @> ${value}`, guessed: true }
  }
  const operator = op === 'like' ? 'LIKE' : 'ILIKE'
  if (op !== 'contains' && known !== undefined) return { sql: `${left} ${operator} ${known}`, guessed: false }
  return { sql: `${left} ${operator} '%metal%'`, guessed: true }
}

/** PostgREST's `or=(a.eq.1,and(b.is.null,c.ilike.*x*))`. A branch that cannot be read makes the whole unknown. */
async function logic(
  operator: 'or' | 'and',
  text: string,
  table: CatalogTable,
  qualifier: string,
  values: Values,
): Promise<Condition | undefined> {
  const branches: Condition[] = []
  for (const part of splitTop(text)) {
    const nested = /^(not\.)?(and|or)\((.*)\)$/s.exec(part.trim())
    const condition = nested
      ? await logic(nested[2] as 'or', nested[3] ?? '', table, qualifier, values)
      : await branch(part.trim(), table, qualifier, values)
    if (!condition) return undefined
    branches.push(nested?.[1] ? { ...condition, sql: `NOT ${condition.sql}` } : condition)
  }
  if (branches.length === 0) return undefined
  const sql = `(${branches.map(b => b.sql).join(operator === 'or' ? ' OR ' : ' AND ')})`
  return { sql, guessed: branches.some(b => b.guessed) }
}

async function branch(
  text: string,
  table: CatalogTable,
  qualifier: string,
  values: Values,
): Promise<Condition | undefined> {
  const match = /^"?([\w]+)"?\.((?:not\.)?[a-z]+)(?:\(\w+\))?\.(.*)$/s.exec(text)
  if (!match) return undefined
  const [, column = '', op = '', value = ''] = match
  const hole = value.includes('\u0001')
  if (/like$/.test(op)) {
    // "%%" is what remains of a template with a hole in it.
    const known = !hole && /[^%*]/.test(value) ? value.replaceAll('*', '%') : undefined
    return comparison({ column, op, ...(known ? { value: known } : {}) }, table, qualifier, values)
  }
  if (op.endsWith('is')) {
    const word = value === 'true' ? true : value === 'false' ? false : null
    return comparison({ column, op, value: word }, table, qualifier, values)
  }
  const known = hole || value === '' || op.endsWith('in') ? undefined : value
  return comparison({ column, op, ...(known === undefined ? {} : { value: known }) }, table, qualifier, values)
}

function isOfUser(table: CatalogTable, column: string): boolean {
  const key = table.foreignKeys.find(f => f.columns.length === 1 && f.columns[0] === column)
  if (key) return key.schema === 'auth' || /^(users|profiles|accounts)$/.test(key.table)
  return /(^|_)(user|owner|author|creator|profile|account|member)(_?id)?$/i.test(column) || column === 'id'
}

export function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
