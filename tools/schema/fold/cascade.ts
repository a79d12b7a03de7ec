import type { SourceLocation } from '../../gathered.ts'
import type { SchemaCascade, SchemaPolicy } from '../model.ts'
import { tokens } from '../sql/lexer.ts'
import { type Catalog, type DraftTable, dropTable } from './catalog.ts'

type Cascade = SchemaCascade

/** Policies that call a dropped function, triggers that run it. */
export function cascadeFunction(catalog: Catalog, schema: string, name: string, location: SourceLocation): void {
  const dropped: Cascade['dropped'] = []
  for (const table of catalog.tables.values()) {
    dropPolicies(table, policy => expressionsOf(policy).some(text => calls(text, schema, name)), dropped)
    if (isView(table) && calls(table.definition ?? '', schema, name)) dropView(catalog, table, dropped)
  }
  for (const [key, trigger] of catalog.triggers) {
    if (trigger.function !== `${schema}.${name}` && trigger.function !== name) continue
    catalog.triggers.delete(key)
    dropped.push({ kind: 'trigger', table: `${trigger.schema}.${trigger.table}`, name: trigger.name })
  }
  note(catalog, location, `function ${schema}.${name}`, dropped)
}

/** Views that read a dropped relation, policies of other tables that query it. */
export function cascadeRelation(catalog: Catalog, schema: string, name: string, location: SourceLocation): void {
  const dropped: Cascade['dropped'] = []
  for (const table of [...catalog.tables.values()]) {
    if (table.schema === schema && table.name === name) continue
    dropPolicies(table, policy => expressionsOf(policy).some(text => reads(text, name)), dropped)
    if (isView(table) && reads(table.definition ?? '', name)) dropView(catalog, table, dropped)
  }
  note(catalog, location, `relation ${schema}.${name}`, dropped)
}

/** Columns of a dropped type. */
export function cascadeType(catalog: Catalog, schema: string, name: string, location: SourceLocation): void {
  const dropped: Cascade['dropped'] = []
  for (const table of catalog.tables.values()) {
    const own = table.columns.filter(({ type }) => [name, `${schema}.${name}`].includes(type.replace(/\[\]$|"/g, '')))
    if (table.kind !== 'table') continue
    for (const column of own) {
      dropped.push({ kind: 'column', table: `${table.schema}.${table.name}`, name: column.name })
      table.columns = table.columns.filter(candidate => candidate !== column)
      table.indexes = table.indexes.filter(index => !index.columns.includes(column.name))
      table.constraints = table.constraints.filter(constraint => !constraint.columns.includes(column.name))
    }
  }
  note(catalog, location, `type ${schema}.${name}`, dropped)
}

function note(catalog: Catalog, location: SourceLocation, object: string, dropped: Cascade['dropped']): void {
  if (dropped.length > 0) catalog.cascades.push({ location, object, dropped })
}

function dropPolicies(
  table: DraftTable,
  concerned: (policy: SchemaPolicy) => boolean,
  dropped: Cascade['dropped'],
): void {
  const gone = table.policies.filter(concerned)
  if (gone.length === 0) return
  table.policies = table.policies.filter(policy => !gone.includes(policy))
  dropped.push(
    ...gone.map(({ name, command, permissive }) => ({
      kind: 'policy' as const,
      table: `${table.schema}.${table.name}`,
      name,
      command,
      permissive,
    })),
  )
}

function dropView(catalog: Catalog, view: DraftTable, dropped: Cascade['dropped']): void {
  dropped.push({ kind: 'view', table: `${view.schema}.${view.name}`, name: view.name })
  dropTable(catalog, `${view.schema}.${view.name}`)
}

function isView(table: DraftTable): boolean {
  return table.kind !== 'table'
}

function expressionsOf(policy: SchemaPolicy): string[] {
  return [policy.using, policy.withCheck].filter(text => text !== undefined)
}

/** Whether an expression calls a function of that name, with no schema or the right one. */
function calls(text: string, schema: string, name: string): boolean {
  const words = wordsOf(text)
  return words.some(
    (word, i) => word === name && words[i + 1] === '(' && (words[i - 1] !== '.' || words[i - 2] === schema),
  )
}

/** Whether a query reads a relation of that name: the name follows FROM, JOIN or a comma of theirs. */
function reads(text: string, name: string): boolean {
  const words = wordsOf(text)
  return words.some((word, i) => {
    if (word !== name) return false
    const before = words[i - 1] === '.' ? words[i - 3] : words[i - 1]
    return before === 'from' || before === 'join'
  })
}

function wordsOf(text: string): string[] {
  return [...tokens(text)].map(({ kind, start, end }) => {
    const raw = text.slice(start, end)
    if (kind === 'quoted') return raw.slice(1, -1).replaceAll('""', '"')
    return kind === 'word' ? raw.toLowerCase() : raw
  })
}
