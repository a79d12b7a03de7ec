import picocolors from 'picocolors'
import type { Assessment, AssessmentFinding } from './assessment.ts'
import { databaseFacts } from './databaseview.ts'
import { columns, compareText, count, list, oneLine, thousands, truncate, wrap } from './text.ts'
import {
  AREA_IDS,
  AREA_NAMES,
  areaOf,
  bySeverity,
  type Gap,
  gaps,
  groupByPlaybook,
  MODE_NAMES,
  mostImportant,
  nothingFound,
  type PlaybookGroup,
  place,
  renderingModes,
  routeKinds,
  SEVERITY_ORDER,
  type SeverityId,
  subject,
} from './view.ts'

export interface TerminalOptions {
  /** False for NO_COLOR, for pipes and for tests. */
  color: boolean
  /** Columns of the terminal; lines are wrapped at this, never below 60, never above 100. Default 80. */
  width?: number
  /** Where the report files were written, as to be shown. */
  reportPaths?: string[]
}

type Colors = ReturnType<typeof picocolors.createColors>

interface Page {
  colors: Colors
  width: number
  lines: string[]
}

const LABEL = 12
const PLACES_SHOWN = 5
const GAPS_SHOWN = 12

/** The assessment as text for a person at a terminal; ends with a line break. Untrusted text is stripped of control sequences. */
export function renderTerminal(assessment: Assessment, options: TerminalOptions): string {
  const width = Math.min(100, Math.max(60, options.width ?? 80))
  const page: Page = { colors: picocolors.createColors(options.color), width, lines: [] }
  const { tool } = assessment
  page.lines.push(`${page.colors.bold(`${tool.name} ${tool.version}`)} · ${plain(subject(assessment))}`)
  lookedAt(page, assessment)
  findings(page, assessment)
  matterMost(page, assessment)
  notInvestigated(page, gaps(assessment))
  problems(page, assessment)
  reports(page, options.reportPaths ?? [])
  return `${page.lines.join('\n')}\n`
}

/** On a CI machine a line that starts with `::` or holds `##[` is a command to the runner (GitHub, Azure, TeamCity). */
function plain(text: string): string {
  return oneLine(text)
    .replace(/(?<=^|\s)::/g, ': :')
    .replace(/##(?=\w*\[)/g, '# #')
}

function heading({ colors, lines }: Page, text: string): void {
  lines.push('', colors.bold(text))
}

/** `  Label       value`, wrapped under the value. */
function row(page: Page, label: string, value: string): void {
  const lines = wrap(value, page.width - 2 - LABEL)
  for (const [index, line] of lines.entries()) {
    page.lines.push(`  ${page.colors.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`)
  }
}

function indented(page: Page, indent: number, text: string, paint: (line: string) => string = line => line): void {
  for (const line of wrap(text, page.width - indent)) page.lines.push(' '.repeat(indent) + paint(line))
}

function lookedAt(page: Page, assessment: Assessment): void {
  const { summary, scope } = assessment
  heading(page, 'Looked at')
  for (const app of assessment.apps) {
    const versions = [`Next.js ${app.next ? plain(app.next) : 'of unknown version'}`]
    if (app.cacheComponents) versions.push('cache components')
    if (app.supabaseJs) versions.push(`supabase-js ${plain(app.supabaseJs)}`)
    row(page, 'App', `${plain(app.root)} · ${versions.join(', ')}`)
  }
  if (assessment.apps.length === 0) row(page, 'App', 'none found')
  if (summary) row(page, 'Files', `${thousands(summary.files)}, ${thousands(summary.filesParsed)} of them parsed`)
  row(page, 'Routes', routeKinds(assessment).join(', ') || 'none')
  const modes = renderingModes(assessment).map(one => `${thousands(one.count)} ${MODE_NAMES[one.mode]}`)
  if (modes.length > 0) row(page, 'Rendering', modes.join(', '))
  if (summary) row(page, 'Tables', summary.tables === null ? 'not known' : thousands(summary.tables))
  let last = ''
  for (const { label, text } of databaseFacts(assessment)) {
    row(page, label === last ? '' : label, plain(text))
    last = label
  }
  row(page, 'Accesses', thousands(summary?.accesses ?? assessment.accesses.length))
  const undecided = (summary?.unknown ?? []).filter(one => one.count > 0)
  for (const [index, one] of undecided.entries()) {
    row(page, index === 0 ? 'Undecided' : '', `${thousands(one.count)} ${plain(one.what)}`)
  }
  for (const asked of narrowed(scope)) row(page, 'Narrowed to', asked)
}

function narrowed(scope: Assessment['scope']): string[] {
  if (!scope) return []
  return [
    ...(scope.areas ? [`areas ${plain(scope.areas.join(', '))}`] : []),
    ...(scope.playbooks ? [`playbooks ${plain(scope.playbooks.join(', '))}`] : []),
    ...(scope.since ? [`what changed since ${plain(scope.since)}`] : []),
  ]
}

function findings(page: Page, assessment: Assessment): void {
  const open = assessment.findings.filter(finding => finding.status === 'open')
  heading(page, 'Findings')
  const total = bySeverity(open).map(one => severityPaint(page.colors, one.severity)(`${one.count} ${one.severity}`))
  page.lines.push(`  ${open.length === 0 ? nothingOpen(assessment) : total.join(' · ')}`)
  const quiet = quietFindings(assessment)
  if (quiet) indented(page, 2, quiet, page.colors.dim)
  for (const area of AREA_IDS) {
    const groups = groupByPlaybook(
      assessment,
      open.filter(finding => areaOf(finding) === area),
    )
    if (groups.length === 0) continue
    page.lines.push('', `  ${page.colors.underline(AREA_NAMES[area])}`)
    for (const severity of SEVERITY_ORDER) {
      for (const group of groups) areaGroup(page, group, severity)
    }
  }
}

function nothingOpen(assessment: Assessment): string {
  return assessment.findings.length > 0
    ? 'No open findings in the areas that were investigated.'
    : nothingFound(assessment)
}

function quietFindings(assessment: Assessment): string {
  const number = (status: AssessmentFinding['status']) =>
    assessment.findings.filter(finding => finding.status === status).length
  const parts = [
    ...(number('suppressed') > 0 ? [`${number('suppressed')} suppressed`] : []),
    ...(number('baseline') > 0 ? [`${number('baseline')} already in the baseline`] : []),
  ]
  return parts.length > 0 ? `Not shown: ${list(parts)}.` : ''
}

/** One line for the playbook, then where: files once each, with all their lines. */
function areaGroup(page: Page, group: PlaybookGroup, severity: SeverityId): void {
  const here = group.findings.filter(finding => finding.severity === severity)
  if (here.length === 0) return
  const label = severityPaint(page.colors, severity)(severity.padEnd(8))
  const name = `${plain(group.ref)} · ${count(here.length, 'place')}`
  page.lines.push(`    ${label}  ${name}`)
  const places = linesByFile(here)
  for (const where of places.slice(0, PLACES_SHOWN)) page.lines.push(`              ${page.colors.dim(where)}`)
  const left = places.length - PLACES_SHOWN
  if (left > 0) page.lines.push(`              ${page.colors.dim(`and ${count(left, 'more file')}`)}`)
}

function linesByFile(places: readonly AssessmentFinding[]): string[] {
  const files = new Map<string, Set<number>>()
  for (const { location } of places) {
    const lines = files.get(location.file) ?? new Set()
    files.set(location.file, lines.add(location.line))
  }
  return [...files]
    .sort(([a], [b]) => compareText(a, b))
    .map(([file, lines]) => {
      const sorted = [...lines].sort((a, b) => a - b)
      const more = sorted.length > 6 ? `,… (${sorted.length} lines)` : ''
      return `${path(file)}:${sorted.slice(0, 6).join(',')}${more}`
    })
}

/** Never wrapped and cut only when absurd: a person clicks on it or copies it. */
function path(file: string): string {
  return truncate(plain(file), 160)
}

function matterMost(page: Page, assessment: Assessment): void {
  const first = mostImportant(assessment.findings)
  if (first.length === 0) return
  heading(page, first.length === 1 ? 'What matters most' : `The ${first.length} that matter most`)
  for (const [index, finding] of first.entries()) {
    const number = String(index + 1).padStart(3)
    const severity = finding.severity.toUpperCase()
    const [head = '', ...rest] = wrap(`${severity} ${truncate(plain(finding.title), 200)}`, page.width - 5)
    page.lines.push(
      `${number}. ${severityPaint(page.colors, finding.severity)(severity)}${head.slice(severity.length)}`,
    )
    for (const line of rest) page.lines.push(`     ${line}`)
    page.lines.push(`     ${page.colors.cyan(place({ ...finding.location, file: path(finding.location.file) }))}`)
    const facts = factsOf(finding)
    if (facts) indented(page, 5, facts, page.colors.dim)
    const evidence = finding.evidence[0]
    if (evidence) page.lines.push(`     ${oneFittingLine(evidence.text, page.width - 5)}`)
  }
}

function oneFittingLine(text: string, width: number): string {
  let line = truncate(plain(text), width)
  while (columns(line) > width) line = truncate(line, [...line].length - 1)
  return line
}

function factsOf(finding: AssessmentFinding): string {
  const routes = finding.routes.slice(0, 3).map(route => truncate(plain(route), 60))
  const more = finding.routes.length - routes.length
  return [
    ...(finding.usersGained ? [`${thousands(finding.usersGained)} users gained`] : []),
    ...(finding.confidence === 'high' ? [] : [`${finding.confidence} confidence`]),
    ...(routes.length > 0 ? [`reached by ${routes.join(', ')}${more > 0 ? ` and ${more} more` : ''}`] : []),
  ].join(' · ')
}

function notInvestigated(page: Page, open: readonly Gap[]): void {
  if (open.length === 0) return
  heading(page, 'Not investigated')
  for (const gap of open.slice(0, GAPS_SHOWN)) {
    indented(page, 2, truncate(`${plain(gap.what)}: ${plain(gap.why)}`, 300))
  }
  if (open.length > GAPS_SHOWN)
    page.lines.push(page.colors.dim(`  and ${open.length - GAPS_SHOWN} more, in the reports`))
}

function problems(page: Page, { problems: all = [] }: Assessment): void {
  if (all.length === 0) return
  heading(page, 'Problems')
  for (const problem of all.slice(0, GAPS_SHOWN)) {
    const where = problem.file ? `${path(problem.file)}${problem.line ? `:${problem.line}` : ''}: ` : ''
    indented(page, 2, `${where}${truncate(plain(problem.message), 300)}`)
  }
  if (all.length > GAPS_SHOWN) page.lines.push(page.colors.dim(`  and ${all.length - GAPS_SHOWN} more, in the reports`))
}

function reports(page: Page, paths: readonly string[]): void {
  if (paths.length === 0) return
  heading(page, 'Reports')
  for (const one of paths) page.lines.push(`  ${plain(one)}`)
}

function severityPaint(colors: Colors, severity: SeverityId): (text: string) => string {
  if (severity === 'critical') return text => colors.bold(colors.red(text))
  if (severity === 'high') return colors.red
  if (severity === 'medium') return colors.yellow
  return severity === 'low' ? colors.blue : colors.dim
}
