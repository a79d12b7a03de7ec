import type { LiveTable } from '../../../tools/database/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import { isOwnSchema, placeOfTable, section } from '../../live.ts'
import { SMALL_TABLE_ROWS } from '../../migrations.ts'
import type { DetectInput } from '../../playbook.ts'

const LARGE_BYTES = 16 * 1024 ** 2

/** Tables of which the planner, or vacuum, knows too little. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  const off = section(database?.settings)?.server.autovacuum === 'off'
  return (section(database?.tables) ?? []).flatMap(table => {
    if (!isOwnSchema(table.schema)) return []
    const why = stale(table)
    if (!why) return []
    return [
      {
        title: `\`${table.name}\` ${why.short}`,
        location: placeOfTable(code, schema, table),
        evidence: [{ text: why.long }, ...(off ? [{ text: 'autovacuum is off' }] : [])],
        object: `${table.schema}.${table.name}`,
        severity: off ? ('high' as const) : ('medium' as const),
        confidence: 'high' as const,
      },
    ]
  })
}

function stale(table: LiveTable): { short: string; long: string } | undefined {
  if (table.rows < 0) {
    if (table.tableBytes < LARGE_BYTES || table.lastAnalyze) return undefined
    return {
      short: 'was never analyzed: the planner guesses its size',
      long: 'no ANALYZE, neither by hand nor by autovacuum',
    }
  }
  if (table.rows < SMALL_TABLE_ROWS) return undefined
  // Autovacuum analyzes at a tenth of the rows by default; at half of them it is not keeping up.
  if (table.modifiedSinceAnalyze > table.rows * 0.5) {
    return {
      short: `has changed in ${table.modifiedSinceAnalyze} rows since the planner last looked`,
      long: `the planner believes in ${table.rows} rows; last analyze ${table.lastAnalyze ?? 'never seen'}`,
    }
  }
  if (table.deadRows > table.vacuumThreshold * 3 && table.deadRows > SMALL_TABLE_ROWS) {
    return {
      short: `has ${table.deadRows} dead rows, and vacuum does not keep up`,
      long: `autovacuum should have begun at ${Math.round(table.vacuumThreshold)}; last vacuum ${table.lastVacuum ?? 'never seen'}`,
    }
  }
  return undefined
}
