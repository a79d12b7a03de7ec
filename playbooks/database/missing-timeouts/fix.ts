import type { MigrationRequest } from '../../../tools/migrations/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { migrationChange } from '../../fixes/change.ts'
import { section } from '../../live.ts'
import type { FixInput } from '../../playbook.ts'

/** Supabase's own limits (guides/database/postgres/timeouts). */
const USUAL: Record<string, string> = { anon: '3s', authenticated: '8s' }

/** Gives the roles of requests back the limits that Supabase sets. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const settings = section(input.database?.settings)
  if (!settings) return { declined: 'the settings of the running database are not known' }
  const named = /^Queries of (.*) may run/.exec(finding.title)?.[1] ?? ''
  const roles = Object.keys(USUAL).filter(role => named.includes(`\`${role}\``))
  const requests = roles.map((role): MigrationRequest => {
    const previous = settings.roles.find(r => r.role === role && r.setting === 'statement_timeout')?.value
    return {
      kind: 'role-setting',
      role,
      setting: 'statement_timeout',
      value: USUAL[role] ?? '8s',
      ...(previous && { previous }),
    }
  })
  return migrationChange(finding, input, requests, () => ({
    object: `statement_timeout of ${roles.join(', ')}`,
    title: `Limit how long queries of ${roles.join(' and ')} may run`,
    what: `Sets statement_timeout ${roles.map(role => `of \`${role}\` to ${USUAL[role]}`).join(' and ')}, as Supabase does by default.`,
    security:
      'Nobody may do more than before. A guest can no longer keep the database busy with one query for minutes.',
    verify: ['as that role: `select pg_sleep(10)` ends with SQLSTATE 57014'],
    notVerified: ['Which pages have queries that take longer today: look at the slowest statements first.'],
  }))
}
