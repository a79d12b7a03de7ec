import type { AccessDraft, DataAccess } from '../../../tools/code/model.ts'
import type { SchemaColumn, SchemaFunction, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import { bodyOf, namePattern } from '../../bodies.ts'
import type { DetectedFinding } from '../../finding.ts'
import { grows, isIndexed, isSelective, reachOf } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown, ownTables } from '../../policies.ts'
import { at, isReferenceTable, tableOf, uniqueBy } from '../../shared.ts'

/** Searches inside of texts, by ilike or full text, without an index that can find them. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { schema } = input
  if (!schema) return []
  const tables = ownTables(schema).filter(
    t => !isUnknown(t, 'indexes') && !isUnknown(t, 'columns') && mayGrow(input, t),
  )
  return [...ofAccesses(input, tables), ...ofFunctions(input, schema, tables)]
}

/** Nobody builds a search over a handful of rows: only what the migrations fill and nobody may add to stays small. */
function mayGrow(input: DetectInput, table: SchemaTable): boolean {
  const isAddedTo = table.policies.some(p => p.permissive && (p.command === 'insert' || p.command === 'all'))
  return isAddedTo || !isReferenceTable(input, { table: table.name, schema: table.schema })
}

interface Search {
  column: SchemaColumn
  kind: 'pattern' | 'text'
}

function ofAccesses(input: DetectInput, tables: readonly SchemaTable[]): DetectedFinding[] {
  const { code, schema } = input
  const { ordinary } = reachOf(code)
  const found = new Map<string, { table: SchemaTable; searches: Search[]; accesses: DataAccess[] }>()
  for (const access of code.accesses) {
    const table = tableOf(schema, access)
    if (!table || !tables.includes(table)) continue
    for (const shape of access.shapes) {
      if (!ordinary.has(shape.id) || isNarrow(input, table, shape)) continue
      for (const search of searchesOf(table, shape)) {
        if (isServed(table, search)) continue
        const id = `${table.schema}.${table.name} ${search.kind}`
        const entry = found.get(id) ?? { table, searches: [], accesses: [] }
        if (!entry.accesses.includes(access)) entry.accesses.push(access)
        if (!entry.searches.some(({ column }) => column === search.column)) entry.searches.push(search)
        found.set(id, entry)
      }
    }
  }
  return [...found].flatMap(([object, { table, searches, accesses }]) => {
    const [first] = searches
    if (!first) return []
    const names = searches.map(({ column }) => `\`${column.name}\``).join(', ')
    return [
      {
        title: `\`${table.name}\` is searched ${first.kind === 'pattern' ? 'by pattern' : 'as full text'} in ${names} without an index: every search reads the whole table`,
        location: at(first.column.location.file, first.column.location.line),
        routes: [...new Set(accesses.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          ...accesses.slice(0, 5).map(a => ({ text: `searches \`${table.name}\``, location: at(a.file, a.line) })),
          ...searches.map(search => ({ text: `an index that serves it: ${statementFor(table, search)}` })),
        ],
        object,
        severity: grows(input, table) ? ('high' as const) : ('medium' as const),
        confidence: 'high' as const,
      },
    ]
  })
}

/** Other conditions leave few rows already. */
function isNarrow(input: DetectInput, table: SchemaTable, shape: AccessDraft): boolean {
  return shape.filters.some(({ column: name, op }) => {
    const column = table.columns.find(c => c.name === name)
    return (
      column !== undefined &&
      (op === 'eq' || op === 'in' || op === 'match') &&
      isIndexed(table, column.name) &&
      isSelective(input, table, column)
    )
  })
}

const FULL_TEXT = new Set(['textSearch', 'fts', 'plfts', 'phfts', 'wfts'])

/** Columns that are searched: by filters of their own, or in the text of `or()`. */
function searchesOf(table: SchemaTable, shape: AccessDraft): Search[] {
  const named = shape.filters.flatMap(({ column, op, value }): [string | null, string, unknown][] => [
    [column, op, value],
  ])
  const inOr = [
    ...(shape.raw?.text ?? '').matchAll(/(?:^|[,(])\s*"?(\w+)"?\.(ilike|like|fts|plfts|phfts|wfts)(?:\([^)]*\))?\./g),
  ].map(([, column = '', op = '']): [string | null, string, unknown] => [column, op, undefined])
  return [...named, ...inOr].flatMap(([name, op, value]): Search[] => {
    const column = table.columns.find(c => c.name === name)
    if (!column) return []
    if (FULL_TEXT.has(op)) return [{ column, kind: 'text' }]
    const isPattern =
      /^(ilike|ilikeAnyOf|ilikeAllOf)$/.test(op) || (/^like(AnyOf|AllOf)?$/.test(op) && !isPrefix(value))
    return isPattern && /^(text|character|citext|varchar)/i.test(column.type) ? [{ column, kind: 'pattern' }] : []
  })
}

/** `like 'abc%'` can use an ordinary index. A pattern that is not known is given the benefit of the doubt. */
function isPrefix(value: unknown): boolean {
  return typeof value !== 'string' || !/^[%_]/.test(value)
}

/** Some index finds words or trigrams of the column: GIN, GiST or one of an extension, on it or on an expression of it. */
function isServed(table: SchemaTable, { column, kind }: Search): boolean {
  const mentions = new RegExp(`\\b${column.name}\\b`, 'i')
  return table.indexes.some((index, i) => {
    if (/^(btree|hash|brin|spgist)$/.test(index.method) || index.valid === false) return false
    const key = table.indexes[i]?.keys?.find(k => k.column === column.name)
    if (kind === 'pattern' && key?.opclass && !/trgm|bigm/.test(key.opclass) && /^gi(n|st)$/.test(index.method))
      return false
    return index.columns.some(c => c === column.name || (c.startsWith('(') && mentions.test(c)))
  })
}

function statementFor(table: SchemaTable, { column, kind }: Search): string {
  const on = `create index concurrently on ${table.schema}.${table.name} using gin`
  if (kind === 'pattern') return `${on} (${column.name} extensions.gin_trgm_ops);`
  return column.type === 'tsvector' ? `${on} (${column.name});` : `${on} (to_tsvector('english', ${column.name}));`
}

/** Functions that the app calls by rpc and that search by pattern in SQL of their own. */
function ofFunctions(input: DetectInput, schema: SchemaModel, tables: readonly SchemaTable[]): DetectedFinding[] {
  const { code } = input
  const { ordinary } = reachOf(code)
  const found = schema.functions.flatMap((f): DetectedFinding[] => {
    const calls = code.accesses.filter(a => a.rpc === f.name && a.shapes.some(shape => ordinary.has(shape.id)))
    const searched = calls.length > 0 ? searchedIn(f, tables) : undefined
    if (!searched) return []
    const { table, search } = searched
    return [
      {
        title: `\`${f.name}()\` searches \`${table.name}.${search.column.name}\` by pattern without an index: every call reads the whole table`,
        location: at(f.location.file, f.location.line),
        routes: [...new Set(calls.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          ...calls.slice(0, 5).map(a => ({ text: 'the app calls it', location: at(a.file, a.line) })),
          { text: `an index that serves it: ${statementFor(table, search)}` },
        ],
        object: `${f.schema}.${f.name} ${table.name}.${search.column.name}`,
        severity: grows(input, table) ? ('high' as const) : ('medium' as const),
        confidence: 'medium' as const,
      },
    ]
  })
  return uniqueBy(found, finding => `${finding.location.file}:${finding.location.line}`)
}

function searchedIn(
  f: SchemaFunction,
  tables: readonly SchemaTable[],
): { table: SchemaTable; search: Search } | undefined {
  const body = bodyOf(f)
  const columns = [
    ...body.matchAll(/(?:\w+\s*\.\s*)?"?(\w+)"?\s+(?:not\s+)?i?like\s+(?:'%|concat\s*\(\s*'%|\w+)/gi),
  ].map(([, name]) => name)
  for (const table of tables) {
    if (!new RegExp(`\\b(?:from|join)\\s+${namePattern(table)}`, 'i').test(body)) continue
    for (const name of columns) {
      const column = table.columns.find(c => c.name === name)
      const search: Search | undefined = column && { column, kind: 'pattern' }
      if (search && !isServed(table, search)) return { table, search }
    }
  }
  return undefined
}
