import type { SchemaFunction, SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import { bodyOf, rowTriggers } from '../../bodies.ts'
import type { DetectedFinding } from '../../finding.ts'
import { grows, reachOf } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, isTenantColumn, isWrittenByApp } from '../../shared.ts'

/** Counters in one row that many requests write: each waits until the one before it has committed. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code, schema } = input
  if (!schema) return []
  const { ordinary } = reachOf(code)
  return schema.functions.flatMap((f): DetectedFinding[] => {
    const calls = code.accesses.filter(a => a.rpc === f.name && a.shapes.some(shape => ordinary.has(shape.id)))
    const triggers = rowTriggers(schema).filter(t => t.f === f && isBusy(input, t.table))
    if (calls.length === 0 && triggers.length === 0) return []
    const counter = countersIn(schema, f).find(
      ({ row, column }) => row !== 'each' || (calls.length > 0 && OF_READERS.test(column)),
    )
    if (!counter) return []
    const { table, column, row } = counter
    const what =
      row === 'one' ? 'one row' : row === 'tenant' ? 'the row of an organisation' : 'the row that is looked at'
    return [
      {
        title: `\`${f.name}()\` counts in ${what} of \`${table}\`: all who do so at the same time wait for each other`,
        location: at(f.location.file, f.location.line),
        routes: [...new Set(calls.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          {
            text: `it sets \`${column}\` to itself plus something, and holds the row's lock until its transaction ends`,
          },
          ...triggers.slice(0, 3).map(({ trigger, table: on }) => ({
            text: `the trigger \`${trigger.name}\` calls it for each row written to \`${on.name}\``,
            location: at(trigger.location.file, trigger.location.line),
          })),
          ...calls.slice(0, 3).map(call => ({ text: 'the app calls it', location: at(call.file, call.line) })),
        ],
        object: `${f.schema}.${f.name} ${table}.${column}`,
        severity: row === 'one' ? ('high' as const) : row === 'tenant' ? ('medium' as const) : ('low' as const),
        confidence: 'medium' as const,
      },
    ]
  })
}

/** Counted by whoever looks, not by whoever writes something. */
const OF_READERS = /(^|_)(views?|hits?|clicks?|visits?|impressions?|reads?|plays?|downloads?|opens?)(_count)?$/i

/** Written to as the app is used. */
function isBusy(input: DetectInput, table: SchemaTable): boolean {
  return !table.platform && grows(input, table) && isWrittenByApp(input.code, table.name)
}

interface Counter {
  table: string
  column: string
  /** Which row: the same for everybody, one for each tenant, or one of the row's own kind. */
  row: 'one' | 'tenant' | 'each'
}

const UPDATE =
  /\bupdate\s+(?:only\s+)?((?:"?\w+"?\s*\.\s*)?"?\w+"?)(?:\s+(?:as\s+)?(?!set\b)\w+)?\s+set\s+([\s\S]*?)(?:\bwhere\b([\s\S]*?))?(?:\breturning\b[\s\S]*?)?(?:;|$)/gi

function countersIn(schema: SchemaModel, f: SchemaFunction): Counter[] {
  return [...bodyOf(f).matchAll(UPDATE)].flatMap(([, name = '', sets = '', where = '']): Counter[] => {
    const bare = name.replaceAll('"', '').split('.').at(-1)?.trim() ?? ''
    const column = /"?(\w+)"?\s*=\s*(?:coalesce\s*\(\s*)?(?:\w+\s*\.\s*)?"?\1"?(?:\s*,\s*0\s*\))?\s*[+-]/i.exec(
      sets,
    )?.[1]
    const table = schema.tables.find(t => t.name === bare && t.kind === 'table')
    if (!column || !table || table.platform) return []
    const row = rowOf(where)
    return row ? [{ table: bare, column, row }] : []
  })
}

/** Which row the condition finds. Two conditions find a row of something smaller: a day, a user of the tenant. */
function rowOf(where: string): Counter['row'] | undefined {
  if (where.trim() === '') return 'one'
  const compared = [...where.matchAll(/(?:\w+\s*\.\s*)?"?(\w+)"?\s*=\s*('[^']*'|\d+|true|[\w.]+)/gi)]
  const [first] = compared
  if (!first || compared.length !== 1) return undefined
  const [, column = '', value = ''] = first
  if (/^('|\d|true$)/i.test(value)) return 'one'
  const from = value.split('.').at(-1) ?? ''
  return isTenantColumn(column) || (column === 'id' && isTenantColumn(from)) ? 'tenant' : 'each'
}
