import type { SchemaColumn, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding, Severity } from '../../finding.ts'
import { grows } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown, ownTables } from '../../policies.ts'
import { at, isWrittenByApp } from '../../shared.ts'

/** Keys that run out: numbered columns too narrow for what the table will hold, and references narrower than what they point at. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { schema } = input
  if (!schema) return []
  return ownTables(schema).flatMap(table => {
    if (isUnknown(table, 'columns') || isUnknown(table, 'columnTypes') || !grows(input, table)) return []
    return table.columns.flatMap((column): DetectedFinding[] => {
      const judged = numbered(input, table, column) ?? reference(schema, table, column)
      if (!judged) return []
      return [
        {
          title: judged.title,
          location: at(column.location.file, column.location.line),
          evidence: [{ text: judged.why, location: at(column.location.file, column.location.line) }],
          object: `${table.schema}.${table.name}.${column.name}`,
          severity: judged.severity,
          confidence: 'medium' as const,
        },
      ]
    })
  })
}

interface Judged {
  title: string
  why: string
  severity: Severity
}

/** What is written by machines rather than by hand: many rows a user and day. */
const MANY_ROWS =
  /(^|_)(events?|logs?|views?|clicks?|impressions?|hits|visits?|page_?views?|metrics?|measurements?|readings?|samples|messages|notifications?|activit(y|ies)|audit|history|requests|jobs|traces?|spans?)$/i

function numbered(input: DetectInput, table: SchemaTable, column: SchemaColumn): Judged | undefined {
  if (!column.identity || table.primaryKey.join() !== column.name) return undefined
  const where = `\`${table.name}.${column.name}\``
  if (column.type === 'smallint') {
    return {
      title: `${where} runs out after 32,767 rows`,
      why: 'the key is a smallint and numbers are never used again',
      severity: 'high',
    }
  }
  if (column.type !== 'integer' || !MANY_ROWS.test(table.name) || !isWrittenByApp(input.code, table.name))
    return undefined
  return {
    title: `${where} runs out after 2,147,483,647 rows, and the table is written with every use of the app`,
    why: 'the key is an integer; numbers of failed and deleted rows are used up as well',
    severity: 'low',
  }
}

const WIDTH: Record<string, number> = { smallint: 2, integer: 4, bigint: 8 }

function reference(schema: SchemaModel, table: SchemaTable, column: SchemaColumn): Judged | undefined {
  const key = table.foreignKeys.find(f => f.columns.includes(column.name))
  const parent = key && schema.tables.find(t => t.name === key.table && t.schema === key.schema)
  const target = parent?.columns.find(c => c.name === key?.references[key.columns.indexOf(column.name)])
  const [own, theirs] = [WIDTH[column.type], WIDTH[target?.type ?? '']]
  if (!key || !target || own === undefined || theirs === undefined || own >= theirs) return undefined
  return {
    title: `\`${table.name}.${column.name}\` is ${column.type}, and the \`${key.table}.${target.name}\` that it points at is ${target.type}`,
    why: `from ${own === 2 ? '32,768' : '2,147,483,648'} on, rows of \`${key.table}\` cannot be pointed at`,
    severity: own === 2 ? 'medium' : 'low',
  }
}
