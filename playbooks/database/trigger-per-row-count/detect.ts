import type { SchemaFunction, SchemaTable } from '../../../tools/schema/model.ts'
import { bodyOf, namePattern, rowTriggers } from '../../bodies.ts'
import type { DetectedFinding } from '../../finding.ts'
import { grows } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, isOwnerColumn, uniqueBy } from '../../shared.ts'

/** Triggers that count or sum the rows of the growing table that they stand on, once for every row that is written. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { schema } = input
  if (!schema) return []
  const found = rowTriggers(schema).flatMap(({ trigger, f, table }) => {
    if (table.platform || !grows(input, table)) return []
    // Before a row is written, counting is a limit that somebody set: what it counts is small by its own rule.
    if (trigger.timing !== 'after' || !countsAll(f, table)) return []
    return [
      {
        title: `\`${f.name}()\` counts rows of \`${table.name}\` again for every row that is written to it`,
        location: at(f.location.file, f.location.line),
        evidence: [
          {
            text: `the trigger \`${trigger.name}\` calls it for each row, after ${trigger.events.join(' or ')}`,
            location: at(trigger.location.file, trigger.location.line),
          },
        ],
        object: `${table.schema}.${table.name} ${f.name}`,
        confidence: 'medium' as const,
      },
    ]
  })
  return uniqueBy(found, finding => `${finding.location.file}:${finding.location.line}`)
}

/** An aggregate over the table, not over the few rows of one owner. */
function countsAll(f: SchemaFunction, table: SchemaTable): boolean {
  const pattern = new RegExp(
    `\\bselect\\s+[^;]*?\\b(?:count|sum|avg|max|min)\\s*\\([^;]*?\\bfrom\\s+${namePattern(table)}([^;]*)`,
    'gi',
  )
  return [...bodyOf(f).matchAll(pattern)].some(([whole, rest]) => {
    if (
      /\blimit\s+1\b/i.test(rest ?? '') ||
      (/\b(max|min)\s*\(/i.test(whole) && !/\b(count|sum|avg)\s*\(/i.test(whole))
    )
      return false
    const compared = [...(rest ?? '').matchAll(/(?:\w+\.)?"?(\w+)"?\s*=\s/g)].map(([, column]) => column ?? '')
    return !compared.some(column => isOwnerColumn(column, table) || table.primaryKey.join() === column)
  })
}
