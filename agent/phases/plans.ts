import { perRowPolicies } from '../../playbooks/database/rls-per-row-evaluation/detect.ts'
import { neededIndexes } from '../../playbooks/indexes.ts'
import { indexProposalId, policyProposalId } from '../../playbooks/plans.ts'
import type { DetectInput, Evidence } from '../../playbooks/playbook.ts'
import { targetRows } from '../../playbooks/targetrows.ts'
import { type Gathered, whenRan } from '../../tools/gathered.ts'
import { alterPolicy } from '../../tools/migrations/policies.ts'
import { identifier } from '../../tools/migrations/quote.ts'
import type { PlanModel, Proposal } from '../../tools/plans/model.ts'
import type { SchemaModel } from '../../tools/schema/model.ts'
import type { Shadow } from '../../tools/schema/shadow/index.ts'
import type { Progress } from '../progress.ts'
import { gathered } from './gathered.ts'

export interface PlansRequest {
  /** Rows of tables at the target, from the configuration. */
  rows?: Record<string, number>
  /** Seconds for seeding rows and running the queries on them; 0 plans only. */
  seconds: number
  /** At most so many rows are seeded in a table. */
  seeded?: number
}

/** Rows that tables are seeded with when queries are run: enough for a scan to hurt, few enough to be made in seconds. */
const EXECUTED_ROWS = 200_000

/** Plans the app's queries in the shadow database; skipped where there is none. */
export async function gatherPlans(
  evidence: Evidence,
  shadow: Gathered<Shadow>,
  request: PlansRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<Gathered<PlanModel>> {
  const code = whenRan(evidence.code)
  if (!code) return { status: 'skipped', reason: 'the source code could not be read' }
  if (shadow.status !== 'ran') {
    const why = shadow.status === 'skipped' ? shadow.reason : shadow.error
    return { status: 'skipped', reason: `no shadow database: ${why}` }
  }
  const input: DetectInput = { code, schema: whenRan(evidence.schema), database: whenRan(evidence.database) }
  return progress.step('Planning the queries', report =>
    gathered(signal, async () => {
      const { planAccesses } = await import('../../tools/plans/index.ts')
      return planAccesses({
        shadow: shadow.value,
        code,
        rows: targetRows(input, request.rows),
        proposals: proposalsOf(input),
        ...(request.seconds > 0
          ? { execute: { rows: request.seeded ?? EXECUTED_ROWS, seconds: request.seconds } }
          : {}),
        signal,
        onStep: report,
      })
    }),
  )
}

/** Everything that the playbooks would change in the schema and that a plan can confirm. */
function proposalsOf(input: DetectInput): Proposal[] {
  const indexes = neededIndexes(input).map(
    ({ table, columns, accesses }): Proposal => ({
      id: indexProposalId(table, columns),
      kind: 'index',
      table: `${table.schema}.${table.name}`,
      statements: [
        `create index on ${identifier(table.schema)}.${identifier(table.name)} (${columns.map(identifier).join(', ')})`,
      ],
      accesses: accesses.map(({ id }) => id),
    }),
  )
  const { schema } = input
  if (!schema) return indexes
  const printed = asPrinted(schema)
  const policies = perRowPolicies(schema).flatMap(({ table, policy, helpers }): Proposal[] => {
    const name = `${table.schema}.${table.name}`
    const alsoWrap = helpers.map(call => call.replace(/\(\)$/, ''))
    const wrapped = alterPolicy(
      { kind: 'alter-policy', table: name, policy: policy.name, wrap: true, alsoWrap },
      printed,
    )
    if ('declined' in wrapped) return []
    return [{ id: policyProposalId(table, policy), kind: 'policy', table: name, statements: [...wrapped.up] }]
  })
  return [...indexes, ...policies]
}

/** Policies as PostgreSQL prints them, where it was asked: names qualified, no comments. */
function asPrinted(schema: SchemaModel): SchemaModel {
  const tables = schema.tables.map(table => ({
    ...table,
    policies: table.policies.map(policy => ({
      ...policy,
      ...(policy.catalog?.using ? { using: policy.catalog.using } : {}),
      ...(policy.catalog?.withCheck ? { withCheck: policy.catalog.withCheck } : {}),
    })),
  }))
  return { ...schema, tables }
}
