import type { Assessment } from '../../reports/assessment.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { ChangeRecord } from '../changes/record.ts'
import type { Spent } from './budget.ts'
import type { Reasoning } from './reasoning.ts'
import type { Review } from './review.ts'
import type { Rewritten } from './rewrite.ts'

export interface RunResult {
  /** Null when no model took part. */
  id: string | null
  /** "complete", or why it ended before. */
  outcome: string
  assessment: Assessment
  planned: readonly PlannedChange[]
  records: readonly ChangeRecord[]
  review?: Review
  reasoning?: Reasoning
  rewritten?: Rewritten[]
  spent?: Spent
}

/** What a run brought, for a terminal. */
export function renderRun(result: RunResult): string {
  const { assessment, planned, records, review, rewritten = [], spent } = result
  const open = assessment.findings.filter(({ status }) => status === 'open').length
  const changes = planned.filter(({ outcome }) => 'change' in outcome).length
  const lines = [
    `${open} open findings, ${changes} changes planned, ${records.filter(({ outcome }) => outcome === 'built').length} built.`,
  ]
  if (review) {
    const count = (wanted: string): number => review.verdicts.filter(({ verdict }) => verdict === wanted).length
    lines.push(
      `The model confirmed ${count('confirmed')} and refuted ${count('refuted')}; ${count('unsure')} it could not tell.`,
    )
    for (const { verdict, key, reason, place } of review.verdicts)
      if (verdict === 'refuted') lines.push(`  refuted  ${key} (${place}): ${reason}`)
    for (const { severity, title, place, reason } of review.added)
      lines.push(`  added    ${severity} ${title} (${place}): ${reason}`)
    const dropped = [...review.dropped, ...(result.reasoning?.dropped ?? [])]
    if (dropped.length > 0)
      lines.push(`  ${dropped.length} of its statements could not be checked and count for nothing.`)
  }
  for (const { finding, outcome, reason, attempts, branch } of rewritten)
    lines.push(
      `  ${outcome.padEnd(8)} ${finding} after ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}${branch ? `: ${branch}` : reason ? `: ${reason}` : ''}`,
    )
  if (spent)
    lines.push(
      `Spent: ${spent.steps} requests, ${spent.tokens.toLocaleString('en-US')} tokens, $${spent.dollars.toFixed(2)}, ${spent.minutes.toFixed(1)} minutes.`,
    )
  if (result.id !== null && result.outcome !== 'complete')
    lines.push(`It ended before its end: ${result.outcome}. Go on with: agent resume ${result.id}`)
  return `${lines.join('\n')}\n`
}
