import { z } from 'zod'
import { type Assessment, type AssessmentFinding, confidence, severity } from './assessment.ts'
import { compareText } from './text.ts'
import { SEVERITY_ORDER, type SeverityId } from './view.ts'

/** What is kept of an audit, for the next ones to be compared with. */
export const auditRecordSchema = z.object({
  formatVersion: z.literal(1),
  generatedAt: z.string(),
  commit: z.string().nullable(),
  version: z.string().describe('Of the program: a newer one may find more in the same code.'),
  /** Playbooks that ran: what another one found before is not fixed, it was not looked at. */
  ran: z.array(z.string()),
  findings: z.array(
    z.object({
      key: z.string(),
      playbook: z.string(),
      severity,
      confidence,
      title: z.string(),
      file: z.string(),
      line: z.number(),
    }),
  ),
})

export type AuditRecord = z.infer<typeof auditRecordSchema>
export type AuditFinding = AuditRecord['findings'][number]

/** One audit in the trend. */
export interface TrendPoint {
  generatedAt: string
  commit: string | null
  open: Record<SeverityId, number>
}

export interface AuditReport {
  formatVersion: 1
  repository: string
  current: TrendPoint & { version: string }
  /** Null for the first audit. */
  previous: (TrendPoint & { version: string }) | null
  added: AuditFinding[]
  fixed: AuditFinding[]
  /** Open before, and now judged by no playbook: neither there nor gone. */
  notJudged: AuditFinding[]
  worse: { finding: AuditFinding; before: SeverityId }[]
  better: { finding: AuditFinding; before: SeverityId }[]
  /** Findings that were open before and still are. */
  still: number
  /** Oldest first, this audit last. */
  trend: TrendPoint[]
  notInvestigated: { what: string; why: string }[]
  /** Another version of the program: part of the difference may be its. */
  otherVersion: boolean
}

export function recordOf(assessment: Assessment, generatedAt: string): AuditRecord {
  const open = assessment.findings.filter(({ status }) => status !== 'suppressed')
  return {
    formatVersion: 1,
    generatedAt,
    commit: assessment.repository?.commit ?? null,
    version: assessment.tool.version,
    ran: (assessment.playbooks ?? []).filter(({ status }) => status === 'ran').map(({ ref }) => ref),
    findings: open.map(short).sort((a, b) => compareText(a.key, b.key)),
  }
}

function short({ key, playbook, severity, confidence, title, location }: AssessmentFinding): AuditFinding {
  return { key, playbook, severity, confidence, title, file: location.file, line: location.line }
}

/**
 * What changed since the last audit. Pure: the same records give the same report.
 *
 * @param history earlier records, oldest first
 */
export function compareAudits(
  assessment: Assessment,
  current: AuditRecord,
  history: readonly AuditRecord[],
): AuditReport {
  const previous = history.at(-1)
  const before = new Map(previous?.findings.map(finding => [finding.key, finding]))
  const now = new Map(current.findings.map(finding => [finding.key, finding]))
  const gone = [...before.values()].filter(({ key }) => !now.has(key))
  const judged = new Set(current.ran)
  const moved = current.findings.flatMap(finding => {
    const old = before.get(finding.key)
    return old && old.severity !== finding.severity ? [{ finding, before: old.severity }] : []
  })
  const rank = (level: SeverityId): number => SEVERITY_ORDER.indexOf(level)
  return {
    formatVersion: 1,
    repository: assessment.repository?.name ?? '',
    current: { ...pointOf(current), version: current.version },
    previous: previous ? { ...pointOf(previous), version: previous.version } : null,
    added: previous ? worstFirst(current.findings.filter(({ key }) => !before.has(key))) : [],
    fixed: worstFirst(gone.filter(({ playbook }) => judged.has(playbook))),
    notJudged: worstFirst(gone.filter(({ playbook }) => !judged.has(playbook))),
    worse: moved.filter(({ finding, before: old }) => rank(finding.severity) < rank(old)),
    better: moved.filter(({ finding, before: old }) => rank(finding.severity) > rank(old)),
    still: current.findings.filter(({ key }) => before.has(key)).length,
    trend: [...history.slice(-25), current].map(pointOf),
    notInvestigated: assessment.notInvestigated,
    otherVersion: previous !== undefined && previous.version !== current.version,
  }
}

function pointOf({ generatedAt, commit, findings }: AuditRecord): TrendPoint {
  const count = (level: SeverityId): number => findings.filter(finding => finding.severity === level).length
  return {
    generatedAt,
    commit,
    open: {
      critical: count('critical'),
      high: count('high'),
      medium: count('medium'),
      low: count('low'),
      info: count('info'),
    },
  }
}

function worstFirst(findings: readonly AuditFinding[]): AuditFinding[] {
  return [...findings].sort(
    (a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) || compareText(a.key, b.key),
  )
}
