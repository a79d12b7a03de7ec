import type { ts as TypeScript } from 'ts-morph'
import type { SourceLocation } from '../../gathered.ts'
import { type Catalog, chooseName, type DraftTable, draftTable, emptyCatalog } from '../fold/catalog.ts'
import type { SchemaColumn } from '../model.ts'
import type { SourceText } from '../sql/text.ts'

type Ts = typeof TypeScript
type Call = TypeScript.CallExpression

interface Table {
  draft: DraftTable
  /** Property name → column name. */
  columns: Map<string, string>
}

const TYPES: Record<string, string> = {
  varchar: 'character varying',
  char: 'character',
  serial: 'integer',
  bigserial: 'bigint',
  smallserial: 'smallint',
  doublePrecision: 'double precision',
  timestamp: 'timestamp without time zone',
  time: 'time without time zone',
}

export function looksDrizzle(text: string): boolean {
  return text.includes('drizzle-orm/pg-core') && /\b(pgTable|pgSchema)\b/.test(text)
}

/** Tables that TypeScript files define with drizzle-orm/pg-core. References are resolved by variable name across files. */
export function readDrizzle(ts: Ts, sources: SourceText[]): Catalog {
  const catalog = emptyCatalog()
  const tables = new Map<string, Table>()
  const pending: (() => void)[] = []
  for (const source of sources) {
    const file = ts.createSourceFile(source.file, source.text, ts.ScriptTarget.Latest, true)
    const schemas = new Map<string, string>()
    const visit = (node: TypeScript.Node): void => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
        const call = rootCall(ts, node.initializer)
        if (call) declare(node.name.text, call, node.initializer)
      }
      ts.forEachChild(node, visit)
    }
    const declare = (variable: string, call: Call, whole: TypeScript.Expression): void => {
      const callee = call.expression
      const location = { file: source.file, line: source.line(call.getStart()) }
      const name = stringAt(ts, call, 0)
      if (name === undefined) return
      if (ts.isIdentifier(callee) && callee.text === 'pgSchema') schemas.set(variable, name)
      else if (ts.isIdentifier(callee) && callee.text === 'pgEnum') {
        const values =
          call.arguments[1] && ts.isArrayLiteralExpression(call.arguments[1]) ? call.arguments[1].elements : []
        const texts = values.flatMap(value => (ts.isStringLiteral(value) ? [value.text] : []))
        catalog.enums.set(`public.${name}`, { schema: 'public', name, values: texts, location })
      } else {
        const schema = tableSchema(ts, callee, schemas)
        if (schema === undefined) return
        const table = readTable(ts, source, call, draftTable(schema, name, 'table', location), tables, pending)
        if (/\.enableRLS\(\)/.test(whole.getText())) table.draft.rowLevelSecurity = true
        tables.set(variable, table)
        catalog.tables.set(`${schema}.${name}`, table.draft)
      }
    }
    visit(file)
  }
  for (const resolve of pending) resolve()
  return catalog
}

/** `pgTable(…)` in `pgTable(…).enableRLS()`; the call itself otherwise. */
function rootCall(ts: Ts, node: TypeScript.Expression): Call | undefined {
  if (!ts.isCallExpression(node)) return undefined
  const inner = ts.isPropertyAccessExpression(node.expression) ? rootCall(ts, node.expression.expression) : undefined
  return inner ?? node
}

function tableSchema(ts: Ts, callee: TypeScript.Expression, schemas: Map<string, string>): string | undefined {
  if (ts.isIdentifier(callee)) return callee.text === 'pgTable' ? 'public' : undefined
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'table') return undefined
  return ts.isIdentifier(callee.expression) ? schemas.get(callee.expression.text) : undefined
}

function readTable(
  ts: Ts,
  source: SourceText,
  call: Call,
  draft: DraftTable,
  tables: Map<string, Table>,
  pending: (() => void)[],
): Table {
  const table: Table = { draft, columns: new Map() }
  draft.unknown = ['policies']
  const definition = call.arguments[1]
  const properties = definition && ts.isObjectLiteralExpression(definition) ? definition.properties : []
  for (const property of properties) {
    if (ts.isSpreadAssignment(property)) draft.unknown.push('columns')
    if (!ts.isPropertyAssignment(property)) continue
    const key = property.name.getText().replace(/^['"]|['"]$/g, '')
    const location = { file: source.file, line: source.line(property.getStart()) }
    readColumn(ts, table, key, property.initializer, location, tables, pending)
  }
  if (call.arguments[2]) readExtras(ts, source, table, call.arguments[2], tables, pending)
  return table
}

/** Methods of a chain in the order in which they are called: `text('a').notNull()` → [text, notNull]. */
function chain(ts: Ts, node: TypeScript.Expression): { name: string; call: Call }[] {
  if (!ts.isCallExpression(node)) return []
  const callee = node.expression
  if (ts.isIdentifier(callee)) return [{ name: callee.text, call: node }]
  if (!ts.isPropertyAccessExpression(callee)) return []
  return [...chain(ts, callee.expression), { name: callee.name.text, call: node }]
}

function readColumn(
  ts: Ts,
  table: Table,
  key: string,
  value: TypeScript.Expression,
  location: SourceLocation,
  tables: Map<string, Table>,
  pending: (() => void)[],
): void {
  const steps = chain(ts, value)
  const [head, ...rest] = steps
  if (!head) {
    table.draft.unknown.push('columns')
    return
  }
  const methods = new Map(rest.map(step => [step.name, step.call]))
  const name = stringAt(ts, head.call, 0) ?? key
  const column: SchemaColumn = { name, type: typeOf(head.name, head.call), notNull: methods.has('notNull'), location }
  if (/serial$/i.test(head.name)) Object.assign(column, { identity: 'serial', notNull: true })
  if (methods.has('generatedAlwaysAsIdentity')) Object.assign(column, { identity: 'always', notNull: true })
  if (methods.has('generatedByDefaultAsIdentity')) Object.assign(column, { identity: 'by-default', notNull: true })
  if (methods.has('array')) column.type += '[]'
  table.columns.set(key, name)
  table.draft.columns.push(column)
  if (methods.has('primaryKey')) addKey(table.draft, 'primary-key', [name], location)
  if (methods.has('unique')) addKey(table.draft, 'unique', [name], location, stringAt(ts, methods.get('unique')!, 0))
  const references = methods.get('references')
  const target = references?.arguments[0]
  if (!references || !target || !ts.isArrowFunction(target) || !ts.isPropertyAccessExpression(target.body)) return
  const { expression, name: property } = target.body
  pending.push(() =>
    addForeign(
      table.draft,
      tables.get(expression.getText()),
      [name],
      [property.text],
      optionText(references),
      location,
    ),
  )
}

function typeOf(name: string, call: Call): string {
  const text = call.arguments.map(argument => argument.getText()).join(',')
  if (name === 'timestamp' && /withTimezone:\s*true/.test(text)) return 'timestamp with time zone'
  const length = /length:\s*(\d+)/.exec(text)?.[1]
  return (TYPES[name] ?? name) + (length ? `(${length})` : '')
}

function readExtras(
  ts: Ts,
  source: SourceText,
  table: Table,
  extras: TypeScript.Expression,
  tables: Map<string, Table>,
  pending: (() => void)[],
): void {
  const visit = (node: TypeScript.Node): void => {
    if (!ts.isCallExpression(node)) {
      ts.forEachChild(node, visit)
      return
    }
    const steps = chain(ts, node)
    const [head] = steps
    const location = { file: source.file, line: source.line(node.getStart()) }
    const on = steps.find(step => step.name === 'on' || step.name === 'using')
    if (head?.name === 'primaryKey') addKey(table.draft, 'primary-key', columnsOf(ts, table, [head.call]), location)
    else if (head?.name === 'foreignKey') addExplicitForeign(ts, table, head.call, tables, pending, location)
    else if (head?.name === 'unique' && on) {
      addKey(table.draft, 'unique', columnsOf(ts, table, on.call.arguments), location, stringAt(ts, head.call, 0))
    } else if ((head?.name === 'index' || head?.name === 'uniqueIndex') && on) {
      const columns = columnsOf(ts, table, on.call.arguments)
      table.draft.indexes.push({
        name: stringAt(ts, head.call, 0) ?? chooseName(table.draft.name, columns, 'idx', () => false),
        columns,
        unique: head.name === 'uniqueIndex',
        partial: steps.some(step => step.name === 'where'),
        method: on.name === 'using' ? (stringAt(ts, on.call, 0) ?? 'btree') : 'btree',
        location,
      })
    }
  }
  visit(extras)
}

/** Columns that an expression names as `t.column`; an expression in sql`…` is kept as its text in parentheses. */
function columnsOf(ts: Ts, table: Table, nodes: readonly TypeScript.Node[]): string[] {
  return nodes.flatMap(node => {
    const found: string[] = []
    const visit = (child: TypeScript.Node): void => {
      if (ts.isTaggedTemplateExpression(child)) found.push(`(${child.template.getText().slice(1, -1)})`)
      else if (
        ts.isPropertyAccessExpression(child) &&
        table.columns.has(child.name.text) &&
        ts.isIdentifier(child.expression)
      ) {
        found.push(table.columns.get(child.name.text)!)
      } else ts.forEachChild(child, visit)
    }
    visit(node)
    return found
  })
}

function addExplicitForeign(
  ts: Ts,
  table: Table,
  call: Call,
  tables: Map<string, Table>,
  pending: (() => void)[],
  location: SourceLocation,
): void {
  const options = call.arguments[0]
  if (!options || !ts.isObjectLiteralExpression(options)) return
  const value = (name: string) => {
    const property = options.properties.find(candidate => candidate.name?.getText() === name)
    return property && ts.isPropertyAssignment(property) ? property.initializer : undefined
  }
  const own = value('columns')
  const foreign = value('foreignColumns')
  if (!own || !foreign) return
  const columns = columnsOf(ts, table, [own])
  const paths = [...foreign.getText().matchAll(/(\w+)\.(\w+)/g)]
  pending.push(() => {
    const target = tables.get(paths[0]?.[1] ?? '') ?? table
    addForeign(
      table.draft,
      target,
      columns,
      paths.map(path => path[2]!),
      optionText(call),
      location,
    )
  })
}

function addForeign(
  draft: DraftTable,
  target: Table | undefined,
  columns: string[],
  properties: string[],
  options: string,
  location: SourceLocation,
): void {
  if (!target) return
  draft.constraints.push({
    name: chooseName(draft.name, columns, 'fkey', () => false),
    kind: 'foreign-key',
    columns,
    location,
    foreign: {
      schema: target.draft.schema,
      table: target.draft.name,
      references: properties.map(property => target.columns.get(property) ?? property),
      onDelete: /onDelete:\s*['"]([^'"]+)['"]/.exec(options)?.[1],
    },
  })
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

function optionText(call: Call): string {
  return call.arguments.map(argument => argument.getText()).join(' ')
}

function stringAt(ts: Ts, call: Call, at: number): string | undefined {
  const argument = call.arguments[at]
  return argument && ts.isStringLiteralLike(argument) ? argument.text : undefined
}
