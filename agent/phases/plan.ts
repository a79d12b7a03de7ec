import { posix } from 'node:path'
import type { Assessment, AssessmentFinding } from '../../reports/assessment.ts'
import type { Plan, PlanItem, PlanPhase } from '../../reports/plan.ts'
import { branchName } from '../../tools/workspace/key.ts'
import { PHASES, type PhaseRule, phaseOf } from '../changes/phases.ts'
import type { PlannedChange } from '../changes/plan.ts'
import { compareText, oneLine } from '../text.ts'

export interface PlanInput {
  assessment: Assessment
  changes: readonly PlannedChange[]
  /** Owners of a file by CODEOWNERS. */
  ownersOf: (file: string) => string[]
}

/** Users at the same time. */
const TARGET = 10_000

/** Open findings, in phases. Pure: same input, same plan. */
export function makePlan({ assessment, changes, ownersOf }: PlanInput): Plan {
  const open = assessment.findings.filter(({ status }) => status === 'open')
  const phases = PHASES.flatMap(rule => {
    const own = open.filter(finding => phaseOf(finding.playbook, finding.security).id === rule.id)
    return own.length > 0 ? [phaseFor(rule, own, assessment, changes, ownersOf)] : []
  })
  const ids = new Set(phases.map(({ id }) => id))
  return {
    formatVersion: 1,
    repository: assessment.repository?.name ?? 'app',
    target: TARGET,
    phases: [
      ...phases.map(phase => ({ ...phase, dependsOn: phase.dependsOn.filter(({ phase: id }) => ids.has(id)) })),
      proofPhase(phases),
    ],
    notInvestigated: assessment.notInvestigated,
  }
}

function phaseFor(
  rule: PhaseRule,
  findings: readonly AssessmentFinding[],
  assessment: Assessment,
  changes: readonly PlannedChange[],
  ownersOf: PlanInput['ownersOf'],
): PlanPhase {
  const refs = [...new Set(findings.map(({ playbook }) => playbook))].sort(compareText)
  const routes = new Set(findings.flatMap(finding => finding.routes))
  const items = itemsOf(findings, changes)
  const section = (ref: string, title: string): string[] => {
    const text = sectionOf(assessment, ref, title)
    return text === undefined ? [] : [`\`${ref}\`: ${text}`]
  }
  return {
    id: rule.id,
    title: rule.title,
    goal: `${rule.goal} ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}${routes.size > 0 ? ` on ${routes.size} ${routes.size === 1 ? 'route' : 'routes'}` : ''}.`,
    items,
    success: [`agent assess --only ${refs.join(',')} --fail-on info`],
    observe: [...new Set(written(changes, findings).flatMap(({ verify }) => verify))].slice(0, 6),
    security: refs.flatMap(ref => section(ref, 'Security')),
    rollback: refs.flatMap(ref => {
      const folders = rollbackFolders(changes, ref)
      // The playbook's own words name the objects of its example; the branch brings the statements for these.
      if (folders.length > 0)
        return [
          `\`${ref}\`: run the counter-migration that the branch brings in ${folders.join(', ')}, then revert the commit.`,
        ]
      return section(ref, 'Roll back')
    }),
    dependsOn: rule.after,
    owners: [...new Set(findings.flatMap(({ location }) => ownersOf(location.file)))].sort(compareText),
  }
}

/** Folders of the counter-migrations of a playbook's changes. */
function rollbackFolders(changes: readonly PlannedChange[], ref: string): string[] {
  const downs = changes.flatMap(({ playbook, outcome }) =>
    playbook === ref && 'change' in outcome ? outcome.change.migrations.map(({ down }) => down) : [],
  )
  return [...new Set(downs.map(down => `\`${posix.dirname(down)}/\``))].sort(compareText)
}

function written(changes: readonly PlannedChange[], findings: readonly AssessmentFinding[]) {
  const keys = new Set(findings.map(({ key }) => key))
  return changes.flatMap(({ outcome }) =>
    'change' in outcome && outcome.change.findings.some(key => keys.has(key)) ? [outcome.change] : [],
  )
}

/** One step for each change; findings without one are a step a playbook and reason, with all their places. */
function itemsOf(findings: readonly AssessmentFinding[], changes: readonly PlannedChange[]): PlanItem[] {
  const items: PlanItem[] = []
  const settled = new Set<string>()
  for (const change of written(changes, findings)) {
    const own = findings.filter(({ key }) => change.findings.includes(key))
    for (const { key } of own) settled.add(key)
    items.push({ ...itemOf(own), title: change.title, branch: branchName(change) })
  }
  const groups = new Map<string, { findings: AssessmentFinding[]; why: string | undefined }>()
  for (const finding of findings) {
    if (settled.has(finding.key)) continue
    const planned = changes.find(({ finding: key }) => key === finding.key)?.outcome
    const why = planned && 'declined' in planned ? oneLine(planned.declined, 200) : undefined
    // Reasons name places; what is grouped is their kind.
    const kind = `${finding.playbook}\0${why?.replace(/\S+:\d+/g, '')}`
    const group = groups.get(kind) ?? { findings: [], why }
    group.findings.push(finding)
    groups.set(kind, group)
  }
  for (const { findings: own, why } of groups.values()) {
    const [first] = own
    const title = own.length === 1 ? first!.title : `${first!.title} (and ${own.length - 1} more of its kind)`
    items.push({ ...itemOf(own), title, ...(why === undefined ? {} : { byHand: why }) })
  }
  return items
}

function itemOf(findings: readonly AssessmentFinding[]): Omit<PlanItem, 'title'> {
  const [first] = findings
  return {
    findings: findings.map(({ key }) => key),
    playbook: first?.playbook ?? '',
    // They come worst first.
    severity: first?.severity ?? 'info',
    places: findings.map(({ location }) => `${location.file}:${location.line}`),
    routes: [...new Set(findings.flatMap(({ routes }) => routes))].sort(compareText),
  }
}

/** What the playbook says under a heading, its first paragraph. */
export function sectionOf({ playbooks = [] }: Assessment, ref: string, title: string): string | undefined {
  return firstParagraph(playbooks.find(playbook => playbook.ref === ref)?.help ?? '', title)
}

/** The first paragraph (or list item) of a section of a playbook. */
function firstParagraph(help: string, title: string): string | undefined {
  const lines = help.split('\n')
  const start = lines.findIndex(line => line.trim() === `## ${title}`)
  if (start < 0) return undefined
  const body = lines.slice(
    start + 1,
    lines.findIndex((line, at) => at > start && line.startsWith('## ')) + 1 || undefined,
  )
  const paragraph = body
    .join('\n')
    .trim()
    .split(/\n\s*\n|\n(?=- )/)[0]
    ?.replace(/^- /, '')
    .replace(/\n/g, ' ')
    .trim()
  return paragraph && !paragraph.startsWith('```') && !paragraph.startsWith('## ') ? paragraph : undefined
}

function proofPhase(phases: readonly PlanPhase[]): PlanPhase {
  return {
    id: 'proof',
    title: 'Prove it under load',
    goal: 'The load of 10,000 users is held on a copy of production, with the thresholds of `docs/SCALABILITY-LOAD-TEST.md`. Nothing in this plan says how many users the app holds before or after: that is measured here.',
    items: [],
    success: ['agent document --check', 'k6 run -e BASE_URL="$STAGING_URL" -e USERS=10000 docs/load-test/public.js'],
    observe: [
      'the same run before the first phase, on the same copy: without it the second number has nothing to be compared with',
    ],
    security: [
      'Run it against a copy with made-up data, never against production or the projects of others; tell the platforms before a large run.',
    ],
    rollback: ['Nothing to take back: a load test changes no code. Delete the copy.'],
    dependsOn: phases.map(({ id, title }) => ({ phase: id, why: title.toLowerCase() })),
    owners: [],
  }
}
