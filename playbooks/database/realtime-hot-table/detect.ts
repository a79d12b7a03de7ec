import type { DetectedFinding } from '../../finding.ts'
import { grows } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { activePolicies, isTrue, isUnknown } from '../../policies.ts'
import { at, isWrittenByApp } from '../../shared.ts'

/** Tables that people write to and that are published to Realtime: each change is checked for each subscriber, one after the other. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code, schema } = input
  if (!schema) return []
  return schema.tables.flatMap(table => {
    const name = `${table.schema}.${table.name}`
    if (!schema.realtimeTables?.includes(name) || table.platform || isUnknown(table, 'policies')) return []
    if (!table.rowLevelSecurity || !grows(input, table) || !isWrittenByApp(code, table.name)) return []
    const reading = activePolicies(table).filter(p => p.permissive && (p.command === 'select' || p.command === 'all'))
    // Nothing to ask: what everybody may see costs little for each.
    if (reading.length === 0 || reading.some(p => isTrue(p.using))) return []
    const writers = code.accesses.filter(
      a => a.table === table.name && (a.operation === 'insert' || a.operation === 'upsert'),
    )
    return [
      {
        title: `Every row written to \`${table.name}\` is checked against its policies for each Realtime subscriber`,
        location: at(table.location.file, table.location.line),
        routes: [...new Set(writers.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          {
            text: 'the table is in the publication `supabase_realtime`',
            location: at(table.location.file, table.location.line),
          },
          ...reading.slice(0, 3).map(p => ({
            text: `"${p.name}" is evaluated for each of them`,
            location: at(p.location.file, p.location.line),
          })),
          ...writers.slice(0, 3).map(a => ({ text: 'the app writes to it', location: at(a.file, a.line) })),
        ],
        object: name,
        confidence: 'medium' as const,
      },
    ]
  })
}
