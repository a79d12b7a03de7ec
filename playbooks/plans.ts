import type { PlanModel, ProposalPlan, ProposalQuery } from '../tools/plans/model.ts'
import type { SchemaPolicy, SchemaTable } from '../tools/schema/model.ts'
import type { EvidenceItem } from './finding.ts'

/** What the planner said to proposals, in the words of a finding. */

export function indexProposalId(table: SchemaTable, columns: readonly string[]): string {
  return `index ${table.schema}.${table.name}(${columns.join(', ')})`
}

export function policyProposalId(table: SchemaTable, policy: SchemaPolicy): string {
  return `policy ${table.schema}.${table.name} "${policy.name}"`
}

/** What came of a proposal; undefined when nothing was planned. */
export function planOf(plans: PlanModel | undefined, id: string): ProposalPlan | undefined {
  return plans?.proposals.find(proposal => proposal.id === id)
}

/** The planner was asked, and no query gains by it. */
export function isRefuted(plan: ProposalPlan | undefined): boolean {
  return plan?.verdict === 'does-not-pay'
}

/** "at 1,000,000 rows: planned cost 147,919 → 8.4; 210 ms → 0.3 ms on 200,000 rows". */
export function planEvidence(
  plans: PlanModel | undefined,
  plan: ProposalPlan | undefined,
  what: string,
): EvidenceItem[] {
  if (plan?.verdict !== 'pays') return []
  const [best] = plan.queries
  const size = plans?.tables.find(table => `${table.schema}.${table.name}` === plan.table)
  const access = plans?.accesses.find(a => a.access === best?.access && a.shape === best.shape)
  if (!best || !size) return []
  const assumed = size.source === 'assumed' ? ' (assumed)' : size.source === 'live' ? ' (as it has now)' : ''
  const text = `${what}: with ${count(size.rows)} rows${assumed} PostgreSQL plans cost ${costs(best)}${times(best, size.executed)}`
  return [{ text, ...(access ? { location: { file: access.file, line: access.line } } : {}) }]
}

function costs({ before, after }: ProposalQuery): string {
  return `${number(before.cost)} → ${number(after.cost)}`
}

function times({ before, after }: ProposalQuery, rows: number): string {
  if (before.ms === undefined || after.ms === undefined || rows === 0) return ''
  return `; it ran in ${milliseconds(before.ms)} → ${milliseconds(after.ms)} on ${count(rows)} rows`
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : Math.round(ms)} ms`
}

function number(value: number): string {
  return value < 100 ? value.toFixed(1) : count(Math.round(value))
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
