import type { DetectedFinding } from '../../finding.ts'
import { isOwnSchema, megabytes, placeOfTable, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

const SMALL_BYTES = 200 * 1024 ** 2
/** The estimate is good to about a fifth: only what is far beyond it counts. */
const MUCH = 2

/** Tables that take much more room than their rows need. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  return (section(database?.bloat) ?? []).flatMap(({ schema: own, name, wastedBytes, ratio }) => {
    if (!isOwnSchema(own) || wastedBytes < SMALL_BYTES || ratio < MUCH) return []
    const table = section(database?.tables)?.find(t => t.schema === own && t.name === name)
    return [
      {
        title: `\`${name}\` takes ${ratio.toFixed(1)} times the room that its rows need`,
        location: placeOfTable(code, schema, { schema: own, name }),
        evidence: [
          { text: `about ${megabytes(wastedBytes)} are empty, estimated from the planner's statistics` },
          ...(table ? [{ text: `${table.deadRows} dead rows; last vacuum ${table.lastVacuum ?? 'never seen'}` }] : []),
        ],
        object: `${own}.${name}`,
        severity: wastedBytes > 5 * 1024 ** 3 ? ('medium' as const) : ('low' as const),
        confidence: 'medium' as const,
      },
    ]
  })
}
