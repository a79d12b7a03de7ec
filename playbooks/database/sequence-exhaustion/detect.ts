import type { DetectedFinding } from '../../finding.ts'
import { isOwnSchema, percent, placeOfTable, section, tableNamed } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** Half is time enough to change the type in peace; at nine tenths (pghero's threshold) it is not. */
const HALF = 0.5
const URGENT = 0.9

/** Sequences that have used up much of what their column holds. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  return (section(database?.sequences) ?? []).flatMap(sequence => {
    if (!isOwnSchema(sequence.schema) || sequence.used < HALF) return []
    const own = { schema: sequence.schema, name: sequence.table ?? sequence.name }
    const column = tableNamed(schema, own)?.columns.find(c => c.name === sequence.column)
    const known = column && column.location.file !== '' ? column.location : undefined
    const what = sequence.table ? `\`${sequence.table}.${sequence.column}\`` : `\`${sequence.name}\``
    return [
      {
        title: `${what} has used ${percent(sequence.used)} of its numbers`,
        location: known ?? placeOfTable(code, schema, own),
        evidence: [
          {
            text: `\`${sequence.name}\` is at ${sequence.lastValue} of ${sequence.limit}${sequence.columnType ? `, the most that ${sequence.columnType} holds` : ''}`,
          },
        ],
        object: `${sequence.schema}.${sequence.name}`,
        severity: sequence.used >= URGENT ? ('critical' as const) : ('medium' as const),
        confidence: 'high' as const,
      },
    ]
  })
}
