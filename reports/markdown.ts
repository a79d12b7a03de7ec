import type { Assessment, AssessmentFinding } from './assessment.ts'
import { databaseFacts, driftLine } from './databaseview.ts'
import { code, fence, nestHeadings, prose } from './markdown/escape.ts'
import { SCORE_RULE, scoreAreas } from './score.ts'
import { compareText, count, thousands } from './text.ts'
import {
  AREA_NAMES,
  bySeverity,
  gaps,
  groupByPlaybook,
  MODE_NAMES,
  mostImportant,
  nothingFound,
  type PlaybookGroup,
  place,
  renderingModes,
  routeKinds,
  subject,
} from './view.ts'

/** The whole assessment as GitHub-flavoured Markdown without any HTML, link or image that came from the audited repository. */
export function renderMarkdown(assessment: Assessment): string {
  const { tool, generatedAt } = assessment
  const by = `Written by ${tool.name} ${tool.version}${generatedAt ? ` on ${prose(generatedAt)}` : ''}.`
  const parts = [
    `# Scalability of ${prose(subject(assessment))}`,
    by,
    ...lookedAt(assessment),
    ...scores(assessment),
    ...matterMost(assessment),
    ...findings(assessment),
    ...routes(assessment),
    ...database(assessment),
    ...notInvestigated(assessment),
    ...problems(assessment),
    ...playbookHelp(assessment),
  ]
  return `${parts.join('\n\n')}\n`
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function lookedAt(assessment: Assessment): string[] {
  const { summary, apps, scope } = assessment
  const lines = apps.map(app => {
    const supabase = app.supabaseJs ? `, supabase-js ${prose(app.supabaseJs)}` : ''
    const cache = app.cacheComponents ? ', cache components' : ''
    return `- App ${code(app.root)}: Next.js ${app.next ? prose(app.next) : 'of unknown version'}${cache}${supabase}`
  })
  if (apps.length === 0) lines.push('- App: none found')
  if (summary) lines.push(`- Files: ${thousands(summary.files)}, ${thousands(summary.filesParsed)} of them parsed`)
  const modes = renderingModes(assessment).map(one => `${thousands(one.count)} ${MODE_NAMES[one.mode]}`)
  lines.push(
    `- Routes: ${routeKinds(assessment).join(', ') || 'none'}${modes.length > 0 ? ` (${modes.join(', ')})` : ''}`,
  )
  if (summary) lines.push(`- Tables: ${summary.tables === null ? 'not known' : thousands(summary.tables)}`)
  lines.push(`- Data accesses: ${thousands(summary?.accesses ?? assessment.accesses.length)}`)
  for (const { what, count: number } of summary?.unknown ?? []) {
    if (number > 0) lines.push(`- Could not be decided: ${thousands(number)} ${prose(what)}`)
  }
  if (scope?.areas) lines.push(`- Narrowed to the areas ${prose(scope.areas.join(', '))}`)
  if (scope?.playbooks) lines.push(`- Narrowed to the playbooks ${prose(scope.playbooks.join(', '))}`)
  if (scope?.since) lines.push(`- Narrowed to what changed since ${code(scope.since)}`)
  return ['## What was looked at', lines.join('\n')]
}

function scores(assessment: Assessment): string[] {
  const rows = scoreAreas(assessment).map(({ area, score, open, investigation }) => {
    const extent =
      investigation.extent === 'part' ? ` (${investigation.ran} of ${investigation.total} playbooks ran)` : ''
    const shown = score === null ? 'not investigated' : `${score}${extent}`
    return [AREA_NAMES[area], shown, score === null ? '' : String(open)]
  })
  return ['## Score by area', table(['Area', 'Score', 'Open findings'], rows), SCORE_RULE]
}

function matterMost({ findings }: Assessment): string[] {
  const first = mostImportant(findings)
  if (first.length === 0) return []
  const items = first.map((finding, index) => {
    const evidence = finding.evidence[0] ? `: ${prose(finding.evidence[0].text)}` : ''
    return `${index + 1}. **${finding.severity}** ${prose(finding.title)} (${code(place(finding.location))})${evidence}`
  })
  return ['## What matters most', items.join('\n')]
}

function findings(assessment: Assessment): string[] {
  if (assessment.findings.length === 0) return ['## Findings', nothingFound(assessment)]
  const open = assessment.findings.filter(finding => finding.status === 'open')
  const totals = bySeverity(open).map(one => `${one.count} ${one.severity}`)
  const quiet = assessment.findings.length - open.length
  const total = `${totals.join(', ') || 'None'} open${quiet > 0 ? `, ${quiet} suppressed or in the baseline` : ''}.`
  return ['## Findings', total, ...groupByPlaybook(assessment).flatMap(group)]
}

function group({ ref, title, area, severity, playbook, findings: places }: PlaybookGroup): string[] {
  const fix = playbook ? `, fix: ${playbook.fix}` : ''
  const intro = `${AREA_NAMES[area]}, ${severity}, ${count(places.length, 'place')}${fix}. Playbook ${code(ref)}.`
  return [`### ${prose(title)}`, intro, ...places.flatMap(finding)]
}

function finding(one: AssessmentFinding): string[] {
  const lines = [`- Where: ${code(place(one.location))}`, `- Severity: ${one.severity}, confidence: ${one.confidence}`]
  if (one.security) lines.push('- Also a problem of security or privacy')
  if (one.usersGained !== null) lines.push(`- Concurrent users gained by fixing it: ${thousands(one.usersGained)}`)
  if (one.status === 'baseline') lines.push('- Already in the baseline')
  if (one.status === 'suppressed') {
    const { reason, by } = one.suppression ?? { reason: 'no reason given', by: 'unknown' }
    lines.push(`- Suppressed by ${prose(by)}: ${prose(reason)}`)
  }
  if (one.routes.length > 0)
    lines.push(
      `- Routes: ${one.routes
        .slice(0, 20)
        .map(route => code(route))
        .join(', ')}${more(one.routes.length - 20)}`,
    )
  for (const { text, location } of one.evidence) {
    lines.push(`- Evidence: ${prose(text)}${location ? ` (${code(place(location))})` : ''}`)
  }
  const excerpt = one.excerpt ? [fence(one.excerpt.lines.join('\n'), one.location.file)] : []
  return [`#### ${prose(one.title)}`, lines.join('\n'), ...excerpt]
}

function more(number: number): string {
  return number > 0 ? ` and ${number} more` : ''
}

function routes(assessment: Assessment): string[] {
  if (assessment.routes.length === 0) return []
  const sorted = [...assessment.routes].sort((a, b) => compareText(a.app, b.app) || compareText(a.path, b.path))
  const rows = sorted.map(route => {
    const { rendering } = route
    const seconds = rendering?.revalidateSeconds ? ` ${rendering.revalidateSeconds} s` : ''
    const mode = rendering ? `${MODE_NAMES[rendering.mode]}${seconds}` : ''
    const name = route.name ? ` ${code(route.name, true)}` : ''
    const reasons = (rendering?.reasons ?? []).map(reason => prose(reason, true)).join('; ')
    return [`${code(route.path, true)}${name}`, route.kind, mode, reasons, String(route.accesses.length)]
  })
  return ['## Routes', table(['Route', 'Kind', 'Rendering', 'Because', 'Accesses'], rows)]
}

/** Longer lists are in the JSON. */
const DRIFT_SHOWN = 200

function database(assessment: Assessment): string[] {
  const facts = databaseFacts(assessment)
  if (facts.length === 0) return []
  const { replay, live } = assessment.database ?? {}
  const failures = (replay?.rootFailures ?? []).map(one => {
    const marks = [
      one.cause,
      ...(one.recovered ? ['in the transaction of its file only'] : []),
      ...(one.standIn ? ['a real Supabase would accept it'] : []),
      ...(one.cascades > 0 ? [count(one.cascades, 'later failure')] : []),
    ]
    return `- ${code(place(one))}: ${prose(one.message)} (${prose(marks.join(', '))})`
  })
  const refused = (replay?.refused ?? []).map(one => `- ${code(place(one))}: not run, ${prose(one.why)}`)
  const notes = (replay?.notes ?? []).map(note => `- ${prose(note)}`)
  const drift = (live?.drift ?? []).slice(0, DRIFT_SHOWN).map(item => `- ${prose(driftLine(item))}`)
  const left = (live?.drift ?? []).length - DRIFT_SHOWN
  const lists = [
    [...failures, ...refused, ...notes],
    [...drift, ...(left > 0 ? [`- and ${left} more`] : [])],
  ]
  const titles = ['### What the replay met', '### Differences between the files and the running database']
  const advice = assessment.database?.advice
  return [
    '## Database',
    facts.map(({ label, text }) => `- ${label}: ${prose(text)}`).join('\n'),
    ...(advice ? [fence(advice, 'advice.sql')] : []),
    ...lists.flatMap((lines, index) => (lines.length > 0 ? [titles[index]!, lines.join('\n')] : [])),
  ]
}

function notInvestigated(assessment: Assessment): string[] {
  const all = gaps(assessment)
  if (all.length === 0) return []
  return ['## Not investigated', all.map(({ what, why }) => `- ${prose(what)}: ${prose(why)}`).join('\n')]
}

function problems({ problems: all = [] }: Assessment): string[] {
  if (all.length === 0) return []
  const items = all.map(({ message, file, line }) => {
    const where = file ? `${code(line ? place({ file, line }) : file)}: ` : ''
    return `- ${where}${prose(message)}`
  })
  return ['## Problems', items.join('\n')]
}

/** The playbooks are the agent's own text: they keep their formatting, below the report's own headings. */
function playbookHelp(assessment: Assessment): string[] {
  const helped = groupByPlaybook(assessment).filter(one => one.playbook)
  if (helped.length === 0) return []
  const sections = helped.map(
    ({ title, playbook }) => `### ${prose(title)}\n\n${nestHeadings(playbook!.help.trim(), 2)}`,
  )
  return ['## About the problems found', ...sections]
}
