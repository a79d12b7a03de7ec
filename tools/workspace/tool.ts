import { z } from 'zod'
import { ADDS, defineTool, READS } from '../tool.ts'

const outcome = z.object({
  finding: z.string(),
  playbook: z.string(),
  outcome: z.string(),
  title: z.string().optional(),
  reason: z.string().optional(),
  files: z.array(z.string()),
  branch: z.string().optional(),
})

export const checkChange = defineTool({
  name: 'check_change',
  title: 'Check a change',
  description:
    'Judges a proposed change by the gate: whether it weakens row-level security, authentication, validation, rate limits or privacy, loses data or touches protected files. Nothing is written. Ask it before you propose an edit.',
  input: z.object({
    files: z
      .record(z.string(), z.string().nullable())
      .describe('Whole new content of each file by its path relative to the audited folder; null deletes it'),
  }),
  output: z.object({
    decision: z.enum(['accept', 'reject', 'undecided']),
    reasons: z.array(z.object({ rule: z.string(), object: z.string(), evidence: z.string() })),
  }),
  annotations: READS,
})

export const makePlan = defineTool({
  name: 'make_plan',
  title: 'Plan the changes',
  description:
    'Which findings a deterministic fix can settle, with the change it would make, and why the others have none. Nothing is written.',
  input: z.object({ offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(50).default(20) }),
  output: z.object({ total: z.number().int(), nextOffset: z.number().int().nullable(), changes: z.array(outcome) }),
  annotations: READS,
})

export const buildChange = defineTool({
  name: 'build_change',
  title: 'Build a change on a local branch',
  description:
    'Commits the change for one finding on a local branch of its own, after the gate and the proofs. The work tree, the index and the current branch are not touched; nothing is pushed. Only when the server was started with --allow-write.',
  input: z.object({
    finding: z.string().min(4).describe('Key of the finding, its beginning, or what stands behind its last colon'),
  }),
  output: z.object({ change: outcome }),
  annotations: ADDS,
})
