import { migrationFor } from '../../../tools/migrations/index.ts'
import type { AlterPolicyRequest } from '../../../tools/migrations/model.ts'
import type { FixOutcome } from '../../../tools/workspace/change.ts'
import type { Finding } from '../../finding.ts'
import { listed, migrationChange } from '../../fixes/change.ts'
import type { FixInput } from '../../playbook.ts'
import { type PerRowPolicy, perRowPolicies } from './detect.ts'

/** Wraps the calls in all policies of the table that need it: one reviewable step a table, not one a policy. */
export function fix(finding: Finding, input: FixInput): FixOutcome {
  const { schema, now, taken, source } = input
  const all = perRowPolicies(schema)
  const own = all.find(entry => isOf(entry, finding))
  if (!own || !schema) return { declined: 'the policy is not in the schema any more' }
  const refused = migrationFor(requestFor(own), { schema, now, taken, source })
  if ('declined' in refused) return refused
  // A sibling that cannot be wrapped does not keep the others from it.
  const wrapped = all.filter(
    entry =>
      entry.table === own.table && !('declined' in migrationFor(requestFor(entry), { schema, now, taken, source })),
  )
  const { table } = own
  const names = wrapped.map(({ policy }) => `"${policy.name}"`)
  return migrationChange(finding, input, wrapped.map(requestFor), () => ({
    object: `per-row policies of ${table.schema}.${table.name}`,
    title: `Ask who the caller is once a statement in ${names.length === 1 ? 'a policy' : 'policies'} on ${table.name}`,
    what: `Wraps ${callsOf(wrapped)} in \`(select …)\` in the ${names.length === 1 ? 'policy' : 'policies'} ${listed(names)} on \`${table.name}\`, so that PostgreSQL computes the value once for a statement and not once a row.`,
    security:
      'Each expression is the same but for the `(select …)` around the calls: `alter policy` keeps name, command and roles. Who sees, changes and deletes which rows stays the same.',
    verify: [
      `\`explain\` of a select on \`${table.name}\` as \`authenticated\` shows an InitPlan, and no call in the filter`,
      'each role sees, changes and deletes the same rows before and after',
    ],
  }))
}

function isOf({ table, policy }: PerRowPolicy, { location, title }: Finding): boolean {
  return (
    policy.location.file === location.file &&
    policy.location.line === location.line &&
    title.startsWith(`The policy "${policy.name}" on \`${table.name}\``)
  )
}

function requestFor({ table, policy, helpers }: PerRowPolicy): AlterPolicyRequest {
  return {
    kind: 'alter-policy',
    table: `${table.schema}.${table.name}`,
    policy: policy.name,
    wrap: true,
    ...(helpers.length > 0 ? { alsoWrap: helpers.map(call => call.replace(/\(\)$/, '')) } : {}),
  }
}

function callsOf(entries: readonly PerRowPolicy[]): string {
  return [...new Set(entries.flatMap(({ bare, helpers }) => [...bare, ...helpers]))]
    .map(call => `\`${call}\``)
    .join(', ')
}
