import type { ReplayFailure } from '../../../tools/schema/shadow/failures.ts'

/**
 * Tables and columns that a fragment's statements name and its files do not define, as SQL that makes them, with row level security on:
 * nothing is known of their policies. Undefined when the failures tell nothing new.
 */
export function stubsFor(failures: readonly ReplayFailure[], known: string): string | undefined {
  const lines = new Set(known.split('\n').filter(Boolean))
  const size = lines.size
  for (const { message, statement } of failures) {
    const relation = /relation "([^"]+)" does not exist/.exec(message)?.[1]
    if (relation) addTable(lines, relation)
    const column = /column "?([\w.]+)"? (?:of relation "([^"]+)" )?does not exist/.exec(message)
    if (column) addColumn(lines, column[1]!, column[2] ?? tableOf(statement), statement)
    const schema = /schema "([^"]+)" does not exist/.exec(message)?.[1]
    if (schema) lines.add(`create schema if not exists ${quote(schema)};`)
  }
  return lines.size > size ? [...lines].join('\n') : undefined
}

function addTable(lines: Set<string>, relation: string): void {
  const name = relation.split('.').map(quote).join('.')
  lines.add(`create table if not exists ${name} ();`)
  lines.add(`alter table ${name} enable row level security;`)
}

function addColumn(lines: Set<string>, column: string, table: string | undefined, _statement: string): void {
  const parts = column.split('.')
  const name = parts.at(-1)!
  const target = parts.length > 1 ? parts.at(-2) : table
  const tables = [...lines].flatMap(line => /^create table if not exists (\S+) \(\)/.exec(line)?.[1] ?? [])
  for (const one of tables) {
    if (target && parts.length === 1 && one.replaceAll('"', '').split('.').at(-1) !== target.split('.').at(-1)) continue
    lines.add(`alter table ${one} add column if not exists ${quote(name)} ${typeOf(name)};`)
  }
}

/** The table that a statement's headline is about. */
function tableOf(statement: string): string | undefined {
  return /\b(?:on|table|into|update|from)\s+(?:only\s+|if exists\s+)?"?([\w.]+)"?/i.exec(statement)?.[1]
}

function typeOf(column: string): string {
  if (/(^|_)id$|_by$/.test(column)) return 'uuid'
  if (/_at$|_on$|date/.test(column)) return 'timestamptz'
  if (/^(is|has|can)_|public|active|enabled|published|deleted|archived/.test(column)) return 'boolean'
  if (/count|amount|price|total|number|position|size|quantity|score/.test(column)) return 'bigint'
  return 'text'
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
