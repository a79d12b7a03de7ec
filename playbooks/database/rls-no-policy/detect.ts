import type { DetectedFinding } from '../../finding.ts'
import { reachOf } from '../../indexes.ts'
import type { DetectInput } from '../../playbook.ts'
import { isUnknown, ownTables } from '../../policies.ts'
import { at, tableOf } from '../../shared.ts'

/** Tables that are closed to everybody but the service role, and that the app asks as a user all the same. */
export function detect({ code, schema }: DetectInput): DetectedFinding[] {
  if (!schema) return []
  const reach = reachOf(code)
  return ownTables(schema).flatMap(table => {
    if (!table.rowLevelSecurity || table.policies.length > 0) return []
    if (isUnknown(table, 'policies') || isUnknown(table, 'rowLevelSecurity')) return []
    const asked = code.accesses.filter(
      a =>
        a.client === 'supabase-js' &&
        (a.role === 'anon' || a.role === 'user') &&
        a.shapes.some(s => reach.drafts.has(s.id)) &&
        tableOf(schema, a) === table,
    )
    if (asked.length === 0) return []
    return [
      {
        title: `\`${table.name}\` has row-level security and no policy, and is asked with a caller's rights: the answer is always empty`,
        location: at(table.location.file, table.location.line),
        routes: [...new Set(asked.flatMap(a => a.routes))].sort(),
        evidence: asked.slice(0, 5).map(a => ({
          text: `${a.operation} on \`${table.name}\` through a client without the service role`,
          location: at(a.file, a.line),
        })),
        object: `${table.schema}.${table.name}`,
        confidence: 'medium' as const,
      },
    ]
  })
}
