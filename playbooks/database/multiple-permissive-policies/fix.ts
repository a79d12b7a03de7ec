import { migrationFor } from '../../../tools/migrations/index.ts'
import type { MergePoliciesRequest } from '../../../tools/migrations/model.ts'
import type { SchemaTable } from '../../../tools/schema/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { listed, migrationChange } from '../../fixes/change.ts'
import type { FixInput } from '../../playbook.ts'
import { ownTables, rolesOf } from '../../policies.ts'
import { overlapsOf } from './detect.ts'

/** One policy for each command instead of several that are joined by OR. Only policies for the same roles are merged. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const table = ownTables(input.schema).find(t =>
    finding.title.startsWith(`\`${t.name}\` has several permissive policies`),
  )
  if (!table || !input.schema) return { declined: 'the policies are not in the schema any more' }
  const { schema, now, taken, source } = input
  const requests = requestsFor(table)
  const refusals = requests.flatMap(request => {
    const outcome = migrationFor(request, { schema, now, taken, source })
    return 'declined' in outcome ? [{ request, reason: outcome.declined }] : []
  })
  const possible = requests.filter(request => !refusals.some(refusal => refusal.request === request))
  if (possible.length === 0) {
    return { declined: refusals[0]?.reason ?? 'the policies are for different roles: one policy cannot stand for both' }
  }
  const names = possible.flatMap(({ policies }) => policies.map(name => `"${name}"`))
  return migrationChange(finding, input, possible, () => ({
    object: `permissive policies of ${table.schema}.${table.name}`,
    title: `Merge the permissive policies of ${table.name}`,
    what: `Makes one policy for each command of ${listed(names)} on \`${table.name}\`, with their conditions joined by OR, as PostgreSQL joins them already. Calls that ask who the caller is are wrapped on the way.`,
    security:
      'Permissive policies are joined by OR, USING and WITH CHECK apart; the new ones say the same in one expression. A policy without WITH CHECK was checked by its USING, and still is. Restrictive policies are not touched.',
    verify: [
      'each role sees, adds, changes and deletes the same rows before and after',
      `\`select policyname, cmd from pg_policies where tablename = '${table.name}'\` shows one for each command`,
    ],
    notVerified: refusals.map(({ reason }) => `Not merged: ${reason}.`),
  }))
}

/** Policies that meet in some command, by the roles they are for. */
function requestsFor(table: SchemaTable): MergePoliciesRequest[] {
  const meeting = new Set(overlapsOf(table).flatMap(({ policies }) => policies))
  const byRoles = new Map<string, string[]>()
  for (const policy of meeting) {
    const roles = [...rolesOf(policy)].sort().join()
    byRoles.set(roles, [...(byRoles.get(roles) ?? []), policy.name])
  }
  return [...byRoles.values()]
    .filter(policies => policies.length > 1)
    .map(policies => ({ kind: 'merge-policies', table: `${table.schema}.${table.name}`, policies, wrap: true }))
}
