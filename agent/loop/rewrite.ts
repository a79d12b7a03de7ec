import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import { z } from 'zod'
import type { AssessmentFinding } from '../../reports/assessment.ts'
import type { Change } from '../../tools/workspace/change.ts'
import { changeKey } from '../../tools/workspace/key.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { ChangeRecord } from '../changes/record.ts'
import { fenced, inline } from '../server/text.ts'
import { oneLine } from '../text.ts'
import { type Line, talk } from './talk.ts'

export const rewriteShape = z.object({
  title: z.string().describe('Imperative, at most 72 characters'),
  summary: z.string().describe('What the change does and why, two or three sentences'),
  files: z.array(z.object({ path: z.string(), content: z.string().describe('The whole file afterwards') })),
})

/** Kinds of findings that the model may write changes for: those that no fix covers and that need no new behaviour. */
export const REWRITTEN = ['database/n-plus-one'] as const

const MOST_ATTEMPTS = 3

export interface Rewritten {
  finding: string
  outcome: string
  reason: string
  attempts: number
  branch?: string
}

export interface Rewriting {
  finding: AssessmentFinding
  tools: BetaRunnableTool[]
  system: string
  /** Gate, proofs and branch: the same as for every other change. */
  build(planned: PlannedChange): Promise<ChangeRecord | undefined>
}

/**
 * Lets the model write one change: a batch or an embed instead of a query for each row. What the gate or a proof says against it is
 * told to the model, three times at most.
 */
export async function rewrite(line: Line, { finding, tools, system, build }: Rewriting): Promise<Rewritten> {
  const known = line.journal.value<Rewritten>(`rewrite ${finding.key}`)
  if (known) return known
  let reason = ''
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const told = await talk(line, {
      name: `rewrite ${finding.key} ${attempt}`,
      system,
      prompt: promptFor(finding, reason),
      tools,
      answer: rewriteShape,
      steps: 15,
    })
    if ('stopped' in told) return { finding: finding.key, outcome: 'stopped', reason: told.stopped, attempts: attempt }
    const record = await build({
      finding: finding.key,
      playbook: finding.playbook,
      outcome: { change: changeOf(finding, told.value) },
    })
    const outcome = record?.outcome ?? 'failed'
    reason = record?.reason ?? (record ? '' : 'the finding is not in the last commit')
    line.journal.write({
      kind: 'note',
      text: oneLine(`rewrite ${finding.key}: attempt ${attempt} ${outcome} ${reason}`),
    })
    if (outcome !== 'rejected' && outcome !== 'not-proven') {
      const done = {
        finding: finding.key,
        outcome,
        reason,
        attempts: attempt,
        ...(record?.branch ? { branch: record.branch } : {}),
      }
      line.journal.write({ kind: 'value', name: `rewrite ${finding.key}`, value: done })
      return done
    }
  }
  return { finding: finding.key, outcome: 'rejected', reason, attempts: MOST_ATTEMPTS }
}

function promptFor({ key, title, location, evidence }: AssessmentFinding, refused: string): string {
  const facts = [`${key}: ${title}`, `${location.file}:${location.line}`, ...evidence.map(({ text }) => text)]
  const again = refused === '' ? '' : `\n\nYour last change was refused:\n${fenced(refused)}\nMend that.`
  return `Settle this finding:\n\n${fenced(facts.map(fact => inline(fact, 400)).join('\n'))}\n\nRead the file first. Answer with the whole content of each file that you change.${again}`
}

function changeOf(finding: AssessmentFinding, { title, summary, files }: z.output<typeof rewriteShape>): Change {
  return {
    playbook: finding.playbook,
    key: changeKey(finding.playbook, finding.key.slice(finding.key.indexOf(':') + 1)),
    findings: [finding.key],
    title: inline(title, 72),
    summary: `${inline(summary, 1200)}\n\nA model wrote this change; the gate and the proofs below judged it like any other.`,
    files: Object.fromEntries(files.map(({ path, content }) => [path, content])),
    migrations: [],
    rollback: 'Revert the commit.',
    security:
      'The same clients, filters and guards run as before: the gate compares them on every path. Review who may see the rows that are now read together.',
    verify: ['the page or action gives the same answer with one query instead of one for each row'],
    notVerified: ['that the answer is the same for every input: the app was not run'],
  }
}
