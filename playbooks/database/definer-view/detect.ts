import type { SchemaModel, SchemaTable } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { findTable, isRevoked, isTrue, rolesOf } from '../../policies.ts'
import { at } from '../../shared.ts'
import { queryOf, selectsIn } from '../../sql.ts'

/** Views of the exposed schema that read with their owner's rights what policies keep from the caller. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema || (schema.source !== 'migrations' && schema.source !== 'schema-files')) return []
  return schema.tables.flatMap(view => {
    if (view.kind === 'table' || view.schema !== 'public' || view.platform) return []
    // A materialized view knows no caller: it shows what its owner saw.
    const isStored = view.kind === 'materialized-view'
    if (!isStored && view.securityInvoker !== false) return []
    if (view.definition === undefined || isRevoked(schema, view)) return []
    const guarded = guardedTables(schema, view.definition)
    if (guarded.length === 0) return []
    const names = guarded.map(t => `\`${t.name}\``).join(', ')
    return [
      {
        title: `The ${isStored ? 'materialized ' : ''}view \`${view.name}\` shows ${names} to everybody: it passes by their row-level security`,
        location: at(view.location.file, view.location.line),
        evidence: [
          {
            text: isStored
              ? 'policies do not apply to a materialized view, and anon and authenticated may read it'
              : 'no security_invoker after all migrations: the view reads with the rights of its owner',
            location: at(view.location.file, view.location.line),
          },
          ...guarded.map(t => ({
            text: `\`${t.name}\` has row-level security`,
            location: at(t.location.file, t.location.line),
          })),
        ],
        object: `${view.schema}.${view.name}`,
        confidence: 'high' as const,
        security: true,
      },
    ]
  })
}

/** Tables of the view's query whose rows not everybody may see. */
function guardedTables(schema: SchemaModel, definition: string): SchemaTable[] {
  const read = selectsIn(queryOf(definition)).flatMap(select =>
    select.sources.flatMap(source => findTable(schema, source) ?? []),
  )
  return [...new Set(read)].filter(t => t.kind === 'table' && !t.platform && t.rowLevelSecurity && !isPublic(t))
}

function isPublic(table: SchemaTable): boolean {
  return table.policies.some(
    p =>
      p.permissive &&
      (p.command === 'select' || p.command === 'all') &&
      rolesOf(p).includes('public') &&
      isTrue(p.using),
  )
}
