import type { PlansReport } from '../../reports/plans.ts'
import type { AccessPlan, PlanModel, ProposalPlan } from '../../tools/plans/model.ts'
import { maskSecrets } from '../mask.ts'
import { oneLine } from '../text.ts'

/** The section `plans` of the assessment: one line for each access, its worst shape, and one for each proposal. */
export function plansReport(plans: PlanModel): PlansReport {
  return {
    method: plans.method,
    postgres: plans.postgres,
    settings: plans.settings,
    tables: plans.tables.map(({ schema, name, rows, executed, source, why }) => ({
      table: `${schema}.${name}`,
      rows,
      executed,
      source,
      why,
    })),
    accesses: worstShapes(plans.accesses).map(({ access, role, verdict, cost, rowsRead, sql, executed, skipped }) => ({
      access,
      role,
      verdict,
      cost: round(cost),
      rowsRead,
      ...(executed ? { ms: round(executed.ms) } : {}),
      sql: maskSecrets(oneLine(sql, 2000)),
      ...(skipped ? { skipped: maskSecrets(oneLine(skipped, 200)) } : {}),
    })),
    proposals: plans.proposals.map(proposalReport),
    notes: plans.notes.map(note => maskSecrets(oneLine(note, 300))),
  }
}

function worstShapes(accesses: readonly AccessPlan[]): AccessPlan[] {
  const worst = new Map<string, AccessPlan>()
  for (const plan of accesses) {
    const known = worst.get(plan.access)
    if (!known || (plan.verdict !== null && (known.verdict === null || plan.cost > known.cost)))
      worst.set(plan.access, plan)
  }
  return [...worst.values()]
}

function proposalReport({ id, table, verdict, reason, queries }: ProposalPlan): PlansReport['proposals'][number] {
  return {
    proposal: id,
    table,
    verdict,
    reason: maskSecrets(oneLine(reason, 300)),
    queries: queries.map(({ access, before, after }) => ({ access, before: rounded(before), after: rounded(after) })),
  }
}

function rounded<T extends { cost: number; ms?: number }>(side: T): T {
  return { ...side, cost: round(side.cost), ...(side.ms === undefined ? {} : { ms: round(side.ms) }) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
