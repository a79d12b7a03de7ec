import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { glob } from 'tinyglobby'
import type { Finding } from '../../playbooks/finding.ts'
import type { Evidence, FixInput } from '../../playbooks/playbook.ts'
import { loadFix } from '../../playbooks/registry.ts'
import type { AssessmentFinding } from '../../reports/assessment.ts'
import { throwIfAborted } from '../../tools/errors.ts'
import type { Change, FixOutcome } from '../../tools/workspace/change.ts'
import { compareText, oneLine } from '../text.ts'

/** A change that a deterministic fix wrote for a finding, or why it wrote none. */
export interface PlannedChange {
  /** Key of the finding. */
  finding: string
  playbook: string
  outcome: FixOutcome
}

export interface PlanChangesRequest {
  /** Absolute path of the audited folder, links resolved. */
  root: string
  findings: readonly AssessmentFinding[]
  evidence: Evidence
  /** Milliseconds since the epoch, for the version of the first migration. */
  now: number
  /** By finding: the time that the version of its migration was made from in an earlier run. */
  earlier?: Readonly<Record<string, number>>
  signal?: AbortSignal
}

/** Source files above this are generated or data. */
const MAX_SOURCE_BYTES = 1024 * 1024

/**
 * Runs the fixes of all open findings, in their order. Findings whose playbook has no fix are left out. Several findings that one
 * change settles come back as one entry, that of the first, whose change names them all.
 */
export async function planChanges(request: PlanChangesRequest): Promise<PlannedChange[]> {
  const { root, findings, evidence, now, earlier = {}, signal } = request
  if (evidence.code.status !== 'ran') return []
  const taken: string[] = []
  const files = await sourceFiles(root, signal)
  const base = {
    code: evidence.code.value,
    schema: evidence.schema.status === 'ran' ? evidence.schema.value : undefined,
    database: evidence.database.status === 'ran' ? evidence.database.value : undefined,
    source: sourceReader(root),
    files,
  }
  const planned: PlannedChange[] = []
  for (const finding of findings) {
    throwIfAborted(signal)
    if (finding.status !== 'open') continue
    const input: FixInput = { ...base, now: earlier[finding.key] ?? now, taken: [...taken] }
    const outcome = await runFix(finding as Finding, input)
    if (!outcome) continue
    const entry = { finding: finding.key, playbook: finding.playbook, outcome }
    if (joins(planned, entry)) continue
    planned.push(entry)
    if ('change' in outcome) taken.push(...outcome.change.migrations.map(({ up }) => up))
  }
  return planned
}

/** True when an earlier entry is the same change: it then settles this finding too. */
function joins(planned: readonly PlannedChange[], { finding, outcome }: PlannedChange): boolean {
  if (!('change' in outcome)) return false
  const same = planned.find(({ outcome: other }) => 'change' in other && other.change.key === outcome.change.key)
  if (!same || !('change' in same.outcome)) return false
  const settled: Change = same.outcome.change
  if (!settled.findings.includes(finding)) settled.findings.push(finding)
  return true
}

async function runFix(finding: Finding, input: FixInput): Promise<FixOutcome | undefined> {
  const fix = await loadFix(finding.playbook)
  if (!fix) return undefined
  try {
    return await fix(finding, input)
  } catch (error) {
    // A fix that stumbles over something unforeseen has written nothing.
    if (process.env.SCALABILITY_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return { declined: `its fix failed: ${oneLine(error instanceof Error ? error.message : String(error))}` }
  }
}

const SOURCES = ['**/*.{ts,tsx,js,jsx,mts,mjs,cts,cjs}']
const IGNORED = ['**/node_modules/**', '**/.git/**', '**/.next/**', '**/.scalability/**', '**/scalability-report/**']

async function sourceFiles(root: string, signal?: AbortSignal): Promise<string[]> {
  const found = await glob(SOURCES, { cwd: root, ignore: IGNORED, followSymbolicLinks: false, onlyFiles: true, signal })
  return found.sort(compareText)
}

/** Texts inside the folder; undefined for what is missing, too large, binary, not UTF-8, or behind a link. */
export function sourceReader(root: string): FixInput['source'] {
  const real = realpathSync(root)
  const known = new Map<string, string | undefined>()
  const read = (path: string): string | undefined => {
    try {
      const full = join(real, path)
      const stats = lstatSync(full)
      if (!stats.isFile() || stats.size > MAX_SOURCE_BYTES) return undefined
      if (!realpathSync(full).startsWith(real + sep)) return undefined
      // Bytes that are no UTF-8 could not be written back as they were. A byte order mark stays where it is.
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(full))
      return text.includes('\0') ? undefined : text
    } catch {
      return undefined
    }
  }
  return path => {
    if (!known.has(path)) known.set(path, read(path))
    return known.get(path)
  }
}
