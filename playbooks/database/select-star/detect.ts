import type { AccessDraft, DataAccess } from '../../../tools/code/model.ts'
import type { SchemaTable } from '../../../tools/schema/model.ts'
import { boundOf } from '../../bounds.ts'
import type { DetectedFinding } from '../../finding.ts'
import { reachOf } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown } from '../../policies.ts'
import { at, tableOf } from '../../shared.ts'

/** Fewer are mostly all used. */
const MANY_COLUMNS = 15

/** Reads of all columns of a table that has many, or some that no page shows. */
export function detect({ code, schema }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  const { ordinary } = reachOf(code)
  const byTable = new Map<SchemaTable, DataAccess[]>()
  for (const access of code.accesses) {
    const table = tableOf(schema, access)
    if (access.operation !== 'select' || access.client !== 'supabase-js' || !table || isUnknown(table, 'columns'))
      continue
    const shapes = access.shapes.filter(shape => ordinary.has(shape.id) && !shape.head)
    if (shapes.length > 0 && shapes.every(takesAll)) byTable.set(table, [...(byTable.get(table) ?? []), access])
  }
  const isList = (access: DataAccess): boolean => !['unique-key', 'single'].includes(boundOf(access, schema))
  return [...byTable].flatMap(([table, accesses]) => {
    const heavy = table.columns.filter(({ type }) => MACHINE.test(type)).map(({ name }) => name)
    if (heavy.length === 0 && table.columns.length < MANY_COLUMNS) return []
    // One finding a table, at the place that reads the most rows: who names the columns there names them everywhere.
    const first = accesses.find(isList) ?? accesses[0]
    if (!first) return []
    const others = accesses.filter(access => access !== first)
    return [
      {
        title: `All ${table.columns.length} columns of \`${table.name}\` are read${heavy.length > 0 ? `, among them ${heavy.map(name => `\`${name}\``).join(', ')}` : ''}${others.length > 0 ? `, here and in ${others.length} other ${others.length === 1 ? 'place' : 'places'}` : ''}`,
        location: at(first.file, first.line, first.endLine),
        routes: [...new Set(accesses.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          { text: describe(table, heavy), location: at(table.location.file, table.location.line) },
          ...others.slice(0, 8).map(access => ({ text: 'here as well', location: at(access.file, access.line) })),
        ],
        object: `${table.schema}.${table.name} select`,
        severity: !isList(first) ? ('info' as const) : heavy.length > 0 ? ('medium' as const) : ('low' as const),
        confidence: heavy.length > 0 ? ('high' as const) : ('medium' as const),
      },
    ]
  })
}

/** Columns for the database itself: search vectors and embeddings. */
const MACHINE = /^(tsvector|vector|halfvec|sparsevec)\b/i

function takesAll({ columns }: AccessDraft): boolean {
  // Without a list of columns the whole row is meant; what cannot be read is not judged.
  if (columns === null) return false
  let depth = 0
  let top = ''
  for (const char of columns) {
    if (char === '(') depth += 1
    if (depth === 0) top += char
    if (char === ')') depth -= 1
  }
  return top.split(',').some(part => part.trim() === '*')
}

function describe(table: SchemaTable, heavy: readonly string[]): string {
  if (heavy.length > 0) return `${heavy.join(', ')} ${heavy.length > 1 ? 'are' : 'is'} for the database, not for a page`
  return `\`${table.name}\` has ${table.columns.length} columns, and every one added later comes along`
}
