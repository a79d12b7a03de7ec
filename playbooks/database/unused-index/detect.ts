import type { DetectedFinding } from '../../finding.ts'
import { days, isOwnSchema, megabytes, placeOfTable, section, tableNamed } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** A month has an end: reports and invoices run once in it. */
const ENOUGH_DAYS = 30
const SMALL_BYTES = 10 * 1024 ** 2

/** Indexes that no query used for as long as the counters count. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  const indexes = section(database?.indexes)
  if (!database || !indexes) return []
  const { overview } = database
  // A replica has counters of its own, and where there is one the primary does not see its queries.
  const hasReplica = (section(database.replication) ?? []).length > 0
  if (overview.statisticsDays < ENOUGH_DAYS || overview.replica || hasReplica || overview.statisticsSince === undefined)
    return []
  return indexes.flatMap(index => {
    if (index.scans > 0 || index.unique || index.primary || index.constraint || !index.valid) return []
    if (index.bytes < SMALL_BYTES || !isOwnSchema(index.schema)) return []
    const written = section(database.tables)?.find(t => t.schema === index.schema && t.name === index.table)
    const writes = (written?.inserts ?? 0) + (written?.updates ?? 0) - (written?.hotUpdates ?? 0)
    const defined = tableNamed(schema, { schema: index.schema, name: index.table })?.indexes.find(
      i => i.name === index.name,
    )
    const known = defined && defined.location.file !== '' ? defined.location : undefined
    return [
      {
        title: `\`${index.name}\` on \`${index.table}\` was not used once in ${days(overview.statisticsDays)}`,
        location: known ?? placeOfTable(code, schema, { schema: index.schema, name: index.table }),
        evidence: [
          { text: `${megabytes(index.bytes)}, kept current by ${writes} writes to the table meanwhile` },
          { text: index.definition },
        ],
        object: `${index.schema}.${index.name}`,
        severity: index.bytes > 1024 ** 3 || writes > 10_000_000 ? ('medium' as const) : ('low' as const),
        confidence: 'medium' as const,
      },
    ]
  })
}
