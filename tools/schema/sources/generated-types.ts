import type { ts as TypeScript } from 'ts-morph'
import { type Catalog, chooseName, type DraftTable, draftTable, emptyCatalog } from '../fold/catalog.ts'
import type { SourceText } from '../sql/text.ts'

type Ts = typeof TypeScript

/** Schemas of the platform that some people generate types for; they are not the app's. */
const PLATFORM_SCHEMAS = new Set([
  '__InternalSupabase',
  'graphql_public',
  'auth',
  'storage',
  'realtime',
  'vault',
  'cron',
])

/** True for what `supabase gen types typescript` writes. */
export function looksGenerated(text: string): boolean {
  return /\bTables:\s*\{/.test(text) && /\bRow:\s*\{/.test(text) && /\bDatabase\b/.test(text)
}

/**
 * Tables of a generated types file. It knows columns, nullability, foreign keys and (through isOneToOne and what foreign
 * keys point at) some unique keys; it knows neither primary keys, indexes nor policies, which are marked unknown.
 */
export function readGeneratedTypes(ts: Ts, source: SourceText): Catalog {
  const catalog = emptyCatalog()
  const file = ts.createSourceFile(source.file, source.text, ts.ScriptTarget.Latest, true)
  for (const [schema, body] of schemasOf(ts, file)) {
    if (PLATFORM_SCHEMAS.has(schema)) continue
    for (const [kind, group] of [
      ['table', 'Tables'],
      ['view', 'Views'],
    ] as const) {
      for (const [name, member] of members(ts, find(ts, body, group))) {
        catalog.tables.set(`${schema}.${name}`, readTable(ts, source, { schema, name, kind }, member))
      }
    }
    for (const [name, type, node] of members(ts, find(ts, body, 'Enums')).map(([n, t, s]) => [n, t, s] as const)) {
      const values = literalUnion(ts, type)
      const location = { file: source.file, line: source.line(node.getStart()) }
      if (values.length > 0) catalog.enums.set(`${schema}.${name}`, { schema, name, values, location })
    }
  }
  addReferencedKeys(catalog)
  return catalog
}

function schemasOf(ts: Ts, file: TypeScript.SourceFile): [string, TypeScript.TypeNode][] {
  for (const node of file.statements) {
    if (ts.isTypeAliasDeclaration(node) && node.name.text.startsWith('Database')) {
      const found = members(ts, node.type).filter(([, type]) => find(ts, type, 'Tables'))
      if (found.length > 0) return found.map(([name, type]) => [name, type])
    }
    if (ts.isInterfaceDeclaration(node) && node.name.text.startsWith('Database')) {
      return node.members.flatMap(member => {
        const name = member.name && memberName(ts, member.name)
        if (!ts.isPropertySignature(member) || !member.type || name === undefined) return []
        return find(ts, member.type, 'Tables') ? [[name, member.type] as [string, TypeScript.TypeNode]] : []
      })
    }
  }
  return []
}

function members(ts: Ts, type: TypeScript.TypeNode | undefined): [string, TypeScript.TypeNode, TypeScript.Node][] {
  if (!type || !ts.isTypeLiteralNode(type)) return []
  return type.members.flatMap(member => {
    if (!ts.isPropertySignature(member) || !member.type) return []
    const name = memberName(ts, member.name)
    return name === undefined ? [] : [[name, member.type, member] as [string, TypeScript.TypeNode, TypeScript.Node]]
  })
}

function memberName(ts: Ts, name: TypeScript.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined
}

function find(ts: Ts, type: TypeScript.TypeNode | undefined, name: string): TypeScript.TypeNode | undefined {
  return members(ts, type).find(([candidate]) => candidate === name)?.[1]
}

function readTable(
  ts: Ts,
  source: SourceText,
  { schema, name, kind }: Pick<DraftTable, 'schema' | 'name' | 'kind'>,
  type: TypeScript.TypeNode,
): DraftTable {
  const place = (node: TypeScript.Node) => ({ file: source.file, line: source.line(node.getStart()) })
  const table = draftTable(schema, name, kind, place(type))
  table.unknown = ['uniqueKeys', 'indexes', 'rowLevelSecurity', 'policies', 'columnTypes']
  table.columns = members(ts, find(ts, type, 'Row')).map(([column, columnType, node]) => {
    const parts = ts.isUnionTypeNode(columnType) ? [...columnType.types] : [columnType]
    const nullable = parts.some(part => ts.isLiteralTypeNode(part) && part.literal.kind === ts.SyntaxKind.NullKeyword)
    return { name: column, type: columnTypeOf(columnType.getText()), notNull: !nullable, location: place(node) }
  })
  const relationships = find(ts, type, 'Relationships')
  if (!relationships) table.unknown.push('foreignKeys')
  for (const element of relationships && ts.isTupleTypeNode(relationships) ? relationships.elements : []) {
    const node = ts.isNamedTupleMember(element) ? element.type : element
    const columns = literals(ts, find(ts, node, 'columns'))
    const [target] = literals(ts, find(ts, node, 'referencedRelation'))
    const constraint = literals(ts, find(ts, node, 'foreignKeyName'))[0] ?? ''
    if (!target || columns.length === 0 || table.constraints.some(existing => existing.name === constraint)) continue
    const references = literals(ts, find(ts, node, 'referencedColumns'))
    const foreign = { schema, table: target, references }
    table.constraints.push({ name: constraint, kind: 'foreign-key', columns, location: place(node), foreign })
    if (find(ts, node, 'isOneToOne')?.getText() === 'true') addUnique(table, columns, place(node))
  }
  return table
}

function addUnique(table: DraftTable, columns: string[], location: DraftTable['location']): void {
  const known = table.constraints.some(
    ({ kind, columns: own }) => (kind === 'unique' || kind === 'primary-key') && own.join() === columns.join(),
  )
  if (known) return
  const taken = (name: string) => table.constraints.some(constraint => constraint.name === name)
  table.constraints.push({ name: chooseName(table.name, columns, 'key', taken), kind: 'unique', columns, location })
}

/** What a foreign key points at is unique; `id` that is pointed at is taken for the primary key. */
function addReferencedKeys(catalog: Catalog): void {
  const foreign = [...catalog.tables.values()].flatMap(table =>
    table.constraints.flatMap(({ foreign }) => foreign ?? []),
  )
  for (const { schema, table: name, references } of foreign) {
    const table = catalog.tables.get(`${schema}.${name}`)
    if (table?.kind !== 'table' || references.length === 0) continue
    const column = table.columns.find(candidate => candidate.name === references[0])
    if (!column) continue
    const hasPrimary = table.constraints.some(({ kind }) => kind === 'primary-key')
    if (references.length === 1 && column.name === 'id') {
      if (hasPrimary) continue
      const key = { name: `${name}_pkey`, kind: 'primary-key' as const, columns: ['id'], location: column.location }
      table.constraints.push(key)
    } else addUnique(table, references, column.location)
  }
  for (const table of catalog.tables.values()) {
    if (!table.constraints.some(({ kind }) => kind === 'primary-key')) table.unknown.push('primaryKey')
  }
}

function literals(ts: Ts, type: TypeScript.TypeNode | undefined): string[] {
  if (!type) return []
  if (ts.isTupleTypeNode(type)) return type.elements.flatMap(element => literals(ts, element as TypeScript.TypeNode))
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : []
}

function literalUnion(ts: Ts, type: TypeScript.TypeNode): string[] {
  return ts.isUnionTypeNode(type) ? type.types.flatMap(part => literals(ts, part)) : literals(ts, type)
}

function columnTypeOf(text: string): string {
  const base = text.replace(/\|\s*null/g, '').trim()
  if (base.endsWith('[]')) return `${columnTypeOf(base.slice(0, -2))}[]`
  if (base === 'string') return 'text'
  if (base === 'number') return 'numeric'
  if (base === 'boolean') return 'boolean'
  if (base === 'Json') return 'jsonb'
  const enumeration = /\["Enums"\]\["([^"]+)"\]/.exec(base)
  return enumeration?.[1] ?? 'unknown'
}
