import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown, ownTables } from '../../policies.ts'
import { at } from '../../shared.ts'

/** Tables whose rows nothing tells apart. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  return ownTables(schema).flatMap(table => {
    if (table.primaryKey.length > 0 || table.uniqueKeys.length > 0 || table.partitionOf !== undefined) return []
    if (isUnknown(table, 'primaryKey') || isUnknown(table, 'uniqueKeys') || table.columns.length === 0) return []
    return [
      {
        title: `\`${table.name}\` has no primary key and no other unique key`,
        location: at(table.location.file, table.location.line),
        evidence: [
          {
            text: `after all migrations \`${table.schema}.${table.name}\` has neither PRIMARY KEY nor a unique constraint or index`,
            location: at(table.location.file, table.location.line),
          },
        ],
        object: `${table.schema}.${table.name}`,
        confidence: 'high' as const,
      },
    ]
  })
}
