import type { DetectedFinding } from '../../finding.ts'
import { days, megabytes, placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** Supabase's own threshold: below it the working set does not fit into memory. */
const GOOD = 0.99
const BAD = 0.95
/** A database that fits into the smallest memory is slow for other reasons. */
const SMALL_BYTES = 512 * 1024 ** 2

/** Share of blocks that were found in memory, since the counters count. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const cache = section(database?.cache)
  if (!database || !cache || database.overview.statisticsDays < 1) return []
  const ratio = Math.min(cache.tableHitRatio ?? 1, cache.indexHitRatio ?? 1)
  if (ratio >= BAD || database.overview.databaseBytes < SMALL_BYTES) return []
  const shown = (share: number | undefined): string =>
    share === undefined ? 'unknown' : `${(share * 100).toFixed(1)} %`
  return [
    {
      title: `Only ${shown(ratio)} of the blocks are found in memory`,
      location: placeOfApp(code),
      evidence: [
        {
          text: `tables ${shown(cache.tableHitRatio)}, indexes ${shown(cache.indexHitRatio)}, over ${days(database.overview.statisticsDays)}; ${shown(GOOD)} is usual`,
        },
        {
          text: `the database has ${megabytes(database.overview.databaseBytes)}; shared_buffers is ${section(database.settings)?.server.shared_buffers ?? 'unknown'}`,
        },
      ],
      object: 'cache hit ratio',
      severity: ratio < 0.9 ? ('high' as const) : ('medium' as const),
      confidence: 'medium' as const,
    },
  ]
}
