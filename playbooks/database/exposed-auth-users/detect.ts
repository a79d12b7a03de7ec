import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { isRevoked } from '../../policies.ts'
import { at } from '../../shared.ts'
import { queryOf, selectsIn } from '../../sql.ts'

/** Views of the exposed schema that read the accounts of Supabase Auth with their owner's rights. */
export function detect({ schema }: DetectInput): DetectedFinding[] {
  if (!schema || (schema.source !== 'migrations' && schema.source !== 'schema-files')) return []
  return schema.tables.flatMap(view => {
    if (view.kind === 'table' || view.schema !== 'public' || view.platform || view.definition === undefined) return []
    // As who asks, nobody but the owner may read auth.users: the view fails, and shows nothing.
    if ((view.kind === 'view' && view.securityInvoker) || isRevoked(schema, view)) return []
    const sources = selectsIn(queryOf(view.definition)).flatMap(select => select.sources)
    if (!sources.some(source => source.schema === 'auth' && source.table === 'users')) return []
    const columns = view.columns.map(column => column.name)
    const personal = columns.filter(name => PERSONAL.test(name))
    return [
      {
        title: `The view \`${view.name}\` shows accounts of \`auth.users\` to everybody who has the public key`,
        location: at(view.location.file, view.location.line),
        evidence: [
          {
            text: `it reads auth.users with its owner's rights${columns.length > 0 ? `; its columns are ${columns.slice(0, 12).join(', ')}` : ''}`,
            location: at(view.location.file, view.location.line),
          },
        ],
        object: `${view.schema}.${view.name}`,
        severity: personal.length > 0 || columns.length === 0 ? ('critical' as const) : ('high' as const),
        confidence: 'high' as const,
        security: true,
      },
    ]
  })
}

const PERSONAL = /email|phone|password|token|meta_?data|identit|last_sign_in|confirm/i
