import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AssessmentFinding } from '../../reports/assessment.ts'
import { createVerifier, type Verifier } from '../../tools/verify/index.ts'
import type { ProofCheck } from '../../tools/verify/proof.ts'
import type { Change } from '../../tools/workspace/change.ts'
import { type Gate, openGate } from '../gate/judge.ts'
import { planInThread, type ThreadRequest } from '../phases/thread.ts'
import { createProgress } from '../progress.ts'
import { oneLine } from '../text.ts'
import type { ChangeOutcome, ChangeRecord } from './record.ts'
import { checkSyntax } from './syntax.ts'

export interface Checked {
  /** What goes into the record. */
  told: Pick<ChangeRecord, 'verdict' | 'proof'>
  /** Why it goes no further. */
  refused?: { outcome: Extract<ChangeOutcome, 'rejected' | 'not-proven'>; reason: string }
}

export interface CheckerOptions {
  /** How the pristine copy of the audited folder is assessed; its `root` is that copy. */
  request: ThreadRequest
  /** Its files, posix paths. */
  files: string[]
  /** What was found in it. */
  findings: readonly AssessmentFinding[]
  /** Folder for warm templates. */
  cache?: string
  signal: AbortSignal
}

/** Gate and proofs, for one change after another. Servers start when the first change needs them. */
export interface Checker {
  check(change: Change, onStep?: (text: string) => void): Promise<Checked>
  close(): Promise<void>
}

export function openChecker(options: CheckerOptions): Checker {
  const { request, files, cache, signal } = options
  const gate: Gate = openGate({ noDatabase: !request.shadow, signal })
  const step = { tell: (_text: string): void => {} }
  const verifier = createVerifier({ root: request.root, files, cache, signal, onStep: text => step.tell(text) })
  return {
    async check(change, onStep = () => {}) {
      step.tell = onStep
      onStep('judging')
      const verdict = await gate.judge({ base: request.root, files: change.files })
      if (verdict.decision !== 'accept') {
        const first = verdict.reasons[0]
        const why = first ? `${first.rule}: ${first.object}: ${first.evidence}` : 'it could not be judged'
        return { told: { verdict }, refused: { outcome: 'rejected', reason: oneLine(why, 300) } }
      }
      const checks = await prove(change, { ...options, verifier, onStep })
      const failed = checks.find(({ status }) => status === 'failed')
      const told = { verdict, proof: { checks } }
      if (!failed) return { told }
      return { told, refused: { outcome: 'not-proven', reason: oneLine(`${failed.name}: ${failed.summary}`, 300) } }
    },
    async close() {
      await gate.close()
      await verifier.close()
    },
  }
}

interface Proving extends CheckerOptions {
  verifier: Verifier
  onStep: (text: string) => void
}

async function prove(change: Change, options: Proving): Promise<ProofCheck[]> {
  const { request, verifier, onStep } = options
  const syntax = await checkSyntax(change)
  if (syntax.status === 'failed') return [syntax]
  const database = request.shadow ? await verifier.verify(change) : []
  if (database.some(({ status }) => status === 'failed')) return [syntax, ...database]
  onStep('assessing the result')
  return [syntax, ...database, ...(await assessed(change, options)), NOT_RUN]
}

/** The copy holds the change for as long as it is assessed. */
async function assessed(change: Change, { request, findings, signal }: Proving): Promise<ProofCheck[]> {
  const undo = writeInto(request.root, change)
  try {
    const silent = createProgress({ quiet: true, stream: process.stderr, env: {} })
    const { assessment } = await planInThread({ ...request, changes: undefined, facts: undefined }, silent, signal)
    return compareFindings(change, findings, assessment.findings)
  } finally {
    undo()
  }
}

function writeInto(root: string, { files }: Change): () => void {
  const before = Object.keys(files).map(path => {
    const full = join(root, path)
    return { full, bytes: existsSync(full) ? readFileSync(full) : undefined }
  })
  for (const [path, text] of Object.entries(files)) {
    const full = join(root, path)
    if (text === null) rmSync(full, { force: true })
    else {
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, text)
    }
  }
  return () => {
    for (const { full, bytes } of before) {
      if (bytes === undefined) rmSync(full, { force: true })
      else writeFileSync(full, bytes)
    }
  }
}

/**
 * Whether the findings of the change are gone, and no other has come. Findings of edited text get new keys, and what a migration
 * defines anew lies in another file: what counts is how many there are of each playbook about each object.
 */
export function compareFindings(
  { findings: settled }: Pick<Change, 'findings'>,
  before: readonly AssessmentFinding[],
  after: readonly AssessmentFinding[],
): ProofCheck[] {
  const left = settled.filter(key => after.some(finding => finding.key === key))
  const about = ({ key }: AssessmentFinding): string => key.slice(0, key.lastIndexOf(':'))
  const counts = new Map<string, number>()
  for (const finding of before) counts.set(about(finding), (counts.get(about(finding)) ?? 0) + 1)
  const fresh = after.filter(finding => {
    const known = counts.get(about(finding)) ?? 0
    counts.set(about(finding), known - 1)
    return known <= 0
  })
  const one = settled.length === 1
  return [
    left.length === 0
      ? {
          name: 'finding-gone',
          status: 'passed',
          summary: `${one ? 'the finding is' : `all ${settled.length} findings are`} gone`,
        }
      : {
          name: 'finding-gone',
          status: 'failed',
          summary: `${left.length} of ${settled.length} are still there`,
          detail: left,
        },
    fresh.length === 0
      ? { name: 'no-new-finding', status: 'passed', summary: `no new finding among ${after.length}` }
      : {
          name: 'no-new-finding',
          status: 'failed',
          summary: `${fresh.length} new: ${oneLine(fresh[0]!.title, 160)}`,
          detail: fresh.map(({ title, location }) => `${location.file}:${location.line} ${title}`),
        },
  ]
}

const NOT_RUN: ProofCheck = {
  name: 'types',
  status: 'skipped',
  summary: 'nothing of the repository is executed here: type check and tests run in its own CI',
}
