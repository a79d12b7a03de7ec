import type { AuditFinding, AuditReport, TrendPoint } from './audit.ts'
import { code, prose } from './markdown/escape.ts'
import { count } from './text.ts'
import { SEVERITY_ORDER } from './view.ts'

/** Findings that a list shows; the JSON holds all. */
const SHOWN = 25

/** The audit for people: what is new, what is fixed, the trend, what nobody looked at. */
export function renderAuditMarkdown(report: AuditReport): string {
  const { added, fixed, notJudged, worse, better } = report
  const sections = [
    `# Scalability audit of ${prose(report.repository)}`,
    headline(report),
    table(report.trend),
    list('New', added),
    list('Fixed', fixed),
    moved('Worse', worse),
    moved('Better', better),
    list('Not judged this time', notJudged, 'Found before by playbooks that did not run now: neither there nor gone.'),
    gaps(report),
  ]
  return `${sections.filter(text => text !== '').join('\n\n')}\n`
}

/** One sentence: what a reader wants to know first. */
export function headline({ previous, added, fixed, still, current, otherVersion }: AuditReport): string {
  const open = SEVERITY_ORDER.filter(level => current.open[level] > 0).map(level => `${current.open[level]} ${level}`)
  const now = open.length > 0 ? open.join(', ') : 'no finding'
  if (!previous) return `First audit: ${now} open. The next one is compared with it.`
  const version = otherVersion
    ? ` (by version ${current.version}, before ${previous.version}: part of it may be the program's)`
    : ''
  return `${count(added.length, 'new finding')}, ${fixed.length} fixed, ${still} as before since ${previous.generatedAt.slice(0, 10)}${version}. Open now: ${now}.`
}

function table(trend: readonly TrendPoint[]): string {
  const rows = trend.slice(-10).map(({ generatedAt, commit, open }) => {
    const counts = SEVERITY_ORDER.map(level => open[level]).join(' | ')
    return `| ${generatedAt.slice(0, 10)} | ${commit ? code(commit.slice(0, 7), true) : ''} | ${counts} |`
  })
  const head = `| Date | Commit | ${SEVERITY_ORDER.join(' | ')} |`
  return ['## Trend', '', head, `| --- | --- | ${SEVERITY_ORDER.map(() => '---:').join(' | ')} |`, ...rows].join('\n')
}

function line({ severity, title, file, line: at, playbook }: AuditFinding): string {
  return `- **${severity}** ${prose(title)} (${code(`${file}:${at}`)}, ${code(playbook)})`
}

function list(title: string, findings: readonly AuditFinding[], note = ''): string {
  if (findings.length === 0) return ''
  const more = findings.length > SHOWN ? [`- … and ${findings.length - SHOWN} more in audit.json`] : []
  const head = [`## ${title} (${findings.length})`, '', ...(note ? [note, ''] : [])]
  return [...head, ...findings.slice(0, SHOWN).map(line), ...more].join('\n')
}

function moved(title: string, changes: AuditReport['worse']): string {
  if (changes.length === 0) return ''
  const lines = changes.slice(0, SHOWN).map(({ finding, before }) => `${line(finding)}, before ${before}`)
  return [`## ${title} (${changes.length})`, '', ...lines].join('\n')
}

function gaps({ notInvestigated }: AuditReport): string {
  if (notInvestigated.length === 0) return ''
  const lines = notInvestigated.map(({ what, why }) => `- ${prose(what)}: ${prose(why)}`)
  return ['## Not investigated', '', ...lines].join('\n')
}
