import type { SourceLocation } from '../../gathered.ts'
import { type Catalog, chooseName, type DraftTable, draftTable, emptyCatalog } from '../fold/catalog.ts'
import type { SchemaColumn } from '../model.ts'
import type { SourceText } from '../sql/text.ts'

interface Model {
  name: string
  table: DraftTable
  /** Field name → column name. */
  columns: Map<string, string>
  relations: { attribute: string; target: string; field: string; location: SourceLocation }[]
}

interface Line {
  text: string
  location: SourceLocation
}

interface Block {
  kind: string
  name: string
  lines: Line[]
  location: SourceLocation
}

const SCALARS: Record<string, string> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
  Float: 'double precision',
  Decimal: 'numeric(65,30)',
  Bytes: 'bytea',
}

const NATIVE: Record<string, string> = {
  Uuid: 'uuid',
  VarChar: 'character varying',
  Char: 'character',
  Text: 'text',
  SmallInt: 'smallint',
  Integer: 'integer',
  BigInt: 'bigint',
  Timestamptz: 'timestamp with time zone',
  Timestamp: 'timestamp without time zone',
  Date: 'date',
  Time: 'time without time zone',
  Timetz: 'time with time zone',
  Json: 'json',
  JsonB: 'jsonb',
  Decimal: 'numeric',
  Real: 'real',
  DoublePrecision: 'double precision',
  Boolean: 'boolean',
  ByteA: 'bytea',
  Inet: 'inet',
  Citext: 'citext',
  Xml: 'xml',
  Money: 'money',
}

/** Tables of the files of a Prisma schema; nothing when its database is no PostgreSQL. Prisma makes no index for relations. */
export function readPrisma(sources: SourceText[]): Catalog {
  const catalog = emptyCatalog()
  const blocks = sources.flatMap(blocksOf)
  const provider = blocks.find(({ kind }) => kind === 'datasource')?.lines.find(({ text }) => /^provider\b/.test(text))
  if (provider && !/postgres|cockroach/.test(provider.text)) return catalog
  const enums = new Map(blocks.filter(({ kind }) => kind === 'enum').map(block => [block.name, block]))
  for (const block of enums.values()) {
    const values = block.lines
      .filter(({ text }) => /^\w/.test(text))
      .map(({ text }) => mapped(text) ?? text.split(/\s/)[0]!)
    const schema = blockSchema(block)
    const name = blockMap(block) ?? block.name
    catalog.enums.set(`${schema}.${name}`, { schema, name, values, location: block.location })
  }
  const modelBlocks = blocks.filter(({ kind }) => kind === 'model')
  const names = new Set(modelBlocks.map(({ name }) => name))
  const models = new Map(modelBlocks.map(block => [block.name, readModel(block, names, enums)]))
  for (const model of models.values()) {
    for (const relation of model.relations) addRelation(model, relation, models)
    catalog.tables.set(`${model.table.schema}.${model.table.name}`, model.table)
  }
  return catalog
}

function blocksOf(source: SourceText): Block[] {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const [i, raw] of source.text.split('\n').entries()) {
    const text = raw.replace(/(^|\s)\/\/.*$/, '').trim()
    const location = { file: source.file, line: i + 1 }
    const head = /^(model|enum|datasource|generator|type|view)\s+(\w+)\s*\{/.exec(text)
    if (head) open = { kind: head[1]!, name: head[2]!, lines: [], location }
    else if (text === '}' && open) {
      blocks.push(open)
      open = undefined
    } else if (open && text !== '') open.lines.push({ text, location })
  }
  return blocks
}

function readModel(block: Block, models: Set<string>, enums: Map<string, Block>): Model {
  const table = draftTable(blockSchema(block), blockMap(block) ?? block.name, 'table', block.location)
  table.unknown = ['rowLevelSecurity', 'policies']
  const model: Model = { name: block.name, table, columns: new Map(), relations: [] }
  for (const { text, location } of block.lines) {
    const field = /^(\w+)\s+(\w+(?:\("[^"]*"\))?)(\[\])?(\?)?\s*(.*)$/.exec(text)
    if (!field || text.startsWith('@@')) continue
    const [, name = '', type = '', list, optional, attributes = ''] = field
    if (models.has(type)) {
      model.relations.push({ attribute: attributes, target: type, field: name, location })
      continue
    }
    const column = columnOf(name, type, attributes, location, enums)
    column.notNull = !optional
    if (list) column.type += '[]'
    model.columns.set(name, column.name)
    table.columns.push(column)
    if (/@id\b/.test(attributes)) addKey(table, 'primary-key', [column.name], location)
    if (/@unique\b/.test(attributes))
      addKey(table, 'unique', [column.name], location, argument(attributes, '@unique', 'map'))
  }
  for (const { text, location } of block.lines.filter(({ text }) => text.startsWith('@@')))
    blockAttribute(model, text, location)
  return model
}

function columnOf(
  name: string,
  type: string,
  attributes: string,
  location: SourceLocation,
  enums: Map<string, Block>,
): SchemaColumn {
  const native = /@db\.(\w+)(\([^)]*\))?/.exec(attributes)
  const base = native
    ? (NATIVE[native[1]!] ?? native[1]!.toLowerCase()) + (native[2] ?? '').replace(/\s/g, '')
    : undefined
  const enumeration = enums.get(type)
  const text = base ?? SCALARS[type] ?? (enumeration ? (blockMap(enumeration) ?? type) : unsupported(type))
  const column: SchemaColumn = { name: mapped(attributes) ?? name, type: text, notNull: true, location }
  if (/@default\(autoincrement\(\)\)/.test(attributes)) column.identity = 'serial'
  const fallback = /@default\((.*?)\)(?:\s|$)/.exec(attributes)?.[1]
  if (fallback !== undefined && column.identity === undefined) column.default = fallback
  return column
}

function unsupported(type: string): string {
  return /^Unsupported\("([^"]*)"\)/.exec(type)?.[1] ?? 'unknown'
}

function blockAttribute(model: Model, text: string, location: SourceLocation): void {
  const match = /^@@(id|unique|index)\(\s*(?:fields:\s*)?\[([^\]]*)\](.*)$/.exec(text)
  if (!match) return
  const [, kind, list = '', rest = ''] = match
  const parts = list.split(/,(?![^(]*\))/).map(part => part.trim())
  const keys = parts.map(part => ({
    column: model.columns.get(part.replace(/\(.*$/, '')) ?? part.replace(/\(.*$/, ''),
    descending: /sort:\s*Desc/.test(part),
  }))
  const columns = keys.map(({ column }) => column)
  const name = /\bmap:\s*"([^"]+)"/.exec(rest)?.[1]
  if (kind === 'id') addKey(model.table, 'primary-key', columns, location, name)
  else if (kind === 'unique') addKey(model.table, 'unique', columns, location, name)
  else {
    model.table.indexes.push({
      name: name ?? chooseName(model.table.name, columns, 'idx', () => false),
      columns,
      unique: false,
      partial: false,
      method: (/\btype:\s*(\w+)/.exec(rest)?.[1] ?? 'btree').toLowerCase(),
      location,
      keys: keys.map(key => ({ ...key, nullsFirst: key.descending })),
    })
  }
}

function addKey(
  table: DraftTable,
  kind: 'primary-key' | 'unique',
  columns: string[],
  location: SourceLocation,
  given?: string,
): void {
  const name =
    given ?? chooseName(table.name, kind === 'unique' ? columns : [], kind === 'unique' ? 'key' : 'pkey', () => false)
  table.constraints.push({ name, kind, columns, location })
}

function addRelation(model: Model, relation: Model['relations'][number], models: Map<string, Model>): void {
  const fields = /fields:\s*\[([^\]]*)\]/.exec(relation.attribute)?.[1]
  const references = /references:\s*\[([^\]]*)\]/.exec(relation.attribute)?.[1]
  const target = models.get(relation.target)
  if (fields === undefined || !target) return
  const columns = fields.split(',').map(field => model.columns.get(field.trim()) ?? field.trim())
  const onDelete = /onDelete:\s*(\w+)/.exec(relation.attribute)?.[1]
  model.table.constraints.push({
    name:
      argument(relation.attribute, '@relation', 'map') ?? chooseName(model.table.name, columns, 'fkey', () => false),
    kind: 'foreign-key',
    columns,
    location: relation.location,
    foreign: {
      schema: target.table.schema,
      table: target.table.name,
      references: (references ?? 'id').split(',').map(field => target.columns.get(field.trim()) ?? field.trim()),
      onDelete: onDelete?.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase(),
    },
  })
}

function argument(attributes: string, attribute: string, name: string): string | undefined {
  const from = attributes.indexOf(`${attribute}(`)
  return from < 0 ? undefined : new RegExp(`\\b${name}:\\s*"([^"]+)"`).exec(attributes.slice(from))?.[1]
}

function mapped(attributes: string): string | undefined {
  return /(?<!@)@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(attributes)?.[1]
}

function blockMap(block: Block): string | undefined {
  for (const { text } of block.lines) {
    const match = /^@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(text)
    if (match) return match[1]
  }
  return undefined
}

function blockSchema(block: Block): string {
  for (const { text } of block.lines) {
    const match = /^@@schema\("([^"]+)"/.exec(text)
    if (match) return match[1]!
  }
  return 'public'
}
