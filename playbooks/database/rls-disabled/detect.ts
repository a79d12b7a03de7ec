import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isRevoked, isUnknown, ownTables } from '../../policies.ts'
import { at } from '../../shared.ts'

/** Tables of the exposed schema that the Data API serves without asking who calls. */
export function detect({ schema, code }: DetectInput): DetectedFinding[] {
  // Without Supabase's default grants there is no Data API to protect the tables from.
  if (!schema || (schema.source !== 'migrations' && schema.source !== 'schema-files')) return []
  if (!usesSupabase(schema) && !code.accesses.some(a => a.client === 'supabase-js')) return []
  return ownTables(schema).flatMap(table => {
    if (table.schema !== 'public' || table.rowLevelSecurity || isUnknown(table, 'rowLevelSecurity')) return []
    if (table.partitionOf !== undefined || isRevoked(schema, table)) return []
    const ignored = table.policies.length > 0
    return [
      {
        title: ignored
          ? `\`${table.name}\` has policies, but row-level security is off: they are ignored`
          : `Row-level security is off on \`${table.name}\`: whoever has the public key reads and writes it`,
        location: at(table.location.file, table.location.line),
        evidence: [
          {
            text: `after all migrations \`${table.schema}.${table.name}\` has no ENABLE ROW LEVEL SECURITY, and anon and authenticated hold Supabase's default grants on it`,
            location: at(table.location.file, table.location.line),
          },
          ...table.policies.slice(0, 3).map(p => ({
            text: `the policy "${p.name}" has no effect`,
            location: at(p.location.file, p.location.line),
          })),
        ],
        object: `${table.schema}.${table.name}`,
        confidence: 'high' as const,
        security: true,
      },
    ]
  })
}

/** Migrations that only a Supabase project has. */
function usesSupabase(schema: SchemaModel): boolean {
  return (
    schema.migrations?.some(m => m.tool === 'supabase') === true ||
    schema.tables.some(t => t.foreignKeys.some(k => k.schema === 'auth') || t.policies.length > 0)
  )
}
