import type { Assessment, AssessmentFinding } from './assessment.ts'
import { compareText, count } from './text.ts'

/** What every renderer asks of an assessment: the same groups, order and words in all of them. */
export const AREA_NAMES = {
  database: 'Database',
  api: 'API',
  caching: 'Caching',
  auth: 'Auth',
  frontend: 'Frontend',
  observability: 'Observability',
  cost: 'Cost',
} as const

export type AreaId = keyof typeof AREA_NAMES
export const AREA_IDS = Object.keys(AREA_NAMES) as AreaId[]

export const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'info'] as const
export type SeverityId = (typeof SEVERITY_ORDER)[number]
const CONFIDENCE_ORDER = ['high', 'medium', 'low']

export const MODE_ORDER = ['static', 'isr', 'partial', 'dynamic', 'unknown'] as const
export type ModeId = (typeof MODE_ORDER)[number]
export const MODE_NAMES: Record<ModeId, string> = {
  static: 'static',
  isr: 'ISR',
  partial: 'partial',
  dynamic: 'dynamic',
  unknown: 'undecided',
}

export type AssessmentPlaybook = NonNullable<Assessment['playbooks']>[number]

export interface PlaybookGroup {
  ref: string
  title: string
  area: AreaId
  /** Worst severity among the group's findings. */
  severity: SeverityId
  playbook: AssessmentPlaybook | undefined
  findings: AssessmentFinding[]
}

/** The area a finding belongs to: its own word, else the folder of its playbook. */
export function areaOf(finding: AssessmentFinding): AreaId {
  if (finding.area) return finding.area
  const folder = finding.playbook.split('/')[0] ?? ''
  return Object.hasOwn(AREA_NAMES, folder) ? (folder as AreaId) : 'api'
}

/** What matters most first: critical ones, then by the users that a fix buys, then severity, confidence and routes reached. */
export function compareFindings(a: AssessmentFinding, b: AssessmentFinding): number {
  return (
    Number(b.severity === 'critical') - Number(a.severity === 'critical') ||
    (b.usersGained ?? 0) - (a.usersGained ?? 0) ||
    SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity) ||
    CONFIDENCE_ORDER.indexOf(a.confidence) - CONFIDENCE_ORDER.indexOf(b.confidence) ||
    b.routes.length - a.routes.length ||
    compareText(a.playbook, b.playbook) ||
    comparePlaces(a, b)
  )
}

export function comparePlaces(a: AssessmentFinding, b: AssessmentFinding): number {
  return compareText(a.location.file, b.location.file) || a.location.line - b.location.line || compareText(a.key, b.key)
}

/**
 * The findings to read first. At most two of a playbook as long as other playbooks have any, so that one habit repeated in
 * forty files does not hide nine other problems.
 */
export function mostImportant(findings: readonly AssessmentFinding[], max = 10): AssessmentFinding[] {
  const ranked = findings.filter(finding => finding.status === 'open').sort(compareFindings)
  const perPlaybook = new Map<string, number>()
  const first: AssessmentFinding[] = []
  const rest: AssessmentFinding[] = []
  for (const finding of ranked) {
    const seen = perPlaybook.get(finding.playbook) ?? 0
    perPlaybook.set(finding.playbook, seen + 1)
    if (seen < 2) first.push(finding)
    else rest.push(finding)
  }
  return [...first, ...rest].slice(0, max).sort(compareFindings)
}

/** Findings of one playbook together; groups and places with the most important first. */
export function groupByPlaybook(
  assessment: Assessment,
  findings: readonly AssessmentFinding[] = assessment.findings,
): PlaybookGroup[] {
  const playbooks = new Map((assessment.playbooks ?? []).map(playbook => [playbook.ref, playbook]))
  const groups = new Map<string, PlaybookGroup>()
  for (const finding of [...findings].sort(compareFindings)) {
    const group = groups.get(finding.playbook)
    if (group) group.findings.push(finding)
    else {
      const playbook = playbooks.get(finding.playbook)
      groups.set(finding.playbook, {
        ref: finding.playbook,
        title: playbook?.title ?? finding.playbook,
        area: areaOf(finding),
        severity: finding.severity,
        playbook,
        findings: [finding],
      })
    }
  }
  return [...groups.values()].map(group => ({ ...group, severity: worst(group.findings) }))
}

export function worst(findings: readonly AssessmentFinding[]): SeverityId {
  return SEVERITY_ORDER.find(severity => findings.some(finding => finding.severity === severity)) ?? 'info'
}

export interface Investigation {
  /** `all`: every playbook of the area ran. `none`: nothing can be said about the area. */
  extent: 'all' | 'part' | 'none'
  ran: number
  total: number
  /** Why not, when nothing or only a part ran; one reason may stand for several playbooks. */
  reasons: string[]
}

/** How far an area was looked at. Without a word about playbooks only an area with findings is known to have been. */
export function investigation(assessment: Assessment, area: AreaId): Investigation {
  const playbooks = (assessment.playbooks ?? []).filter(playbook => playbook.area === area)
  const ran = playbooks.filter(playbook => playbook.status === 'ran').length
  const total = playbooks.length
  if (total === 0) {
    const found = assessment.findings.some(finding => areaOf(finding) === area)
    return found
      ? { extent: 'part', ran, total, reasons: [] }
      : { extent: 'none', ran, total, reasons: [noPlaybook(assessment, area)] }
  }
  const reasons = playbooks.flatMap(one =>
    one.status === 'ran' ? [] : [one.reason ?? (one.status === 'failed' ? 'the check failed' : 'skipped')],
  )
  return { extent: ran === 0 ? 'none' : ran < total ? 'part' : 'all', ran, total, reasons: [...new Set(reasons)] }
}

function noPlaybook({ scope }: Assessment, area: AreaId): string {
  if (scope?.areas && !scope.areas.includes(area)) return 'outside the areas asked for'
  if (scope?.playbooks) return 'outside the playbooks asked for'
  return 'no playbook of this area was run'
}

export interface Gap {
  what: string
  why: string
}

/** Everything that was not investigated: what the run says, playbooks that did not run, and areas nobody looked at. */
export function gaps(assessment: Assessment): Gap[] {
  const areas = AREA_IDS.flatMap(area => {
    const looked = investigation(assessment, area)
    return looked.extent === 'none' && looked.total === 0
      ? [{ what: AREA_NAMES[area], why: looked.reasons.join('; ') }]
      : []
  })
  // "needs the running database: no --db": why there is none is said once, and not for each playbook that would ask it.
  const toldByInstrument = (reason: string): boolean => {
    const why = reason.slice(reason.indexOf(': ') + 2)
    return reason.startsWith('needs the ') && assessment.notInvestigated.some(gap => gap.why.startsWith(why))
  }
  const playbooks = (assessment.playbooks ?? [])
    .filter(({ status, reason = '' }) => status === 'failed' || (status === 'skipped' && !toldByInstrument(reason)))
    .map(({ ref, status, reason }) => ({
      what: ref,
      why: status === 'failed' ? `failed: ${reason ?? 'no message'}` : (reason ?? 'skipped'),
    }))
  const told = new Set<string>()
  return [...assessment.notInvestigated, ...playbooks, ...areas].filter(({ what }) => {
    const key = what.toLowerCase()
    return told.has(key) ? false : told.add(key)
  })
}

/** Number of routes by rendering mode, in a fixed order, without modes that no route has. */
export function renderingModes(assessment: Assessment): { mode: ModeId; count: number }[] {
  const counts = assessment.summary?.routes ?? countModes(assessment)
  const known = MODE_ORDER.filter(mode => mode !== 'unknown').map(mode => ({ mode, count: counts[mode] ?? 0 }))
  const others = Object.entries(counts).filter(([mode]) => !known.some(one => one.mode === mode))
  const unknown = others.reduce((sum, [, number]) => sum + number, 0)
  return [...known, { mode: 'unknown' as const, count: unknown }].filter(one => one.count > 0)
}

function countModes({ routes }: Assessment): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { rendering } of routes) if (rendering) counts[rendering.mode] = (counts[rendering.mode] ?? 0) + 1
  return counts
}

/** Routes by what they are: `38 pages`, `12 handlers`, `20 server actions`, `1 proxy`. */
export function routeKinds({ routes }: Assessment): string[] {
  const names = { page: 'page', handler: 'handler', action: 'server action', proxy: 'proxy' }
  return (['page', 'handler', 'action', 'proxy'] as const).flatMap(kind => {
    const number = routes.filter(route => route.kind === kind).length
    if (number === 0) return []
    return [count(number, names[kind], kind === 'proxy' ? 'proxies' : undefined)]
  })
}

/** Open findings by severity, worst first, without severities that no finding has. */
export function bySeverity(findings: readonly AssessmentFinding[]): { severity: SeverityId; count: number }[] {
  return SEVERITY_ORDER.map(severity => ({
    severity,
    count: findings.filter(finding => finding.severity === severity).length,
  })).filter(one => one.count > 0)
}

/** The sentence in place of findings. It never says "clean": only what was looked at was looked at. */
export function nothingFound(assessment: Assessment): string {
  const looked = AREA_IDS.some(area => investigation(assessment, area).extent !== 'none')
  return looked
    ? 'No findings in the areas that were investigated.'
    : 'Nothing was investigated: there are no findings to show.'
}

/** Repository and commit as one short name, for headings. */
export function subject({ repository }: Assessment): string {
  if (!repository) return 'this repository'
  return repository.commit ? `${repository.name} @ ${repository.commit.slice(0, 7)}` : repository.name
}

/** `src/a.ts:12`. */
export function place({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`
}
