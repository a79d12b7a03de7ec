import { createHash } from 'node:crypto'
import type { Assessment, AssessmentFinding } from '../assessment.ts'
import { compareText, count, oneLine, thousands } from '../text.ts'
import {
  AREA_IDS,
  AREA_NAMES,
  areaOf,
  bySeverity,
  groupByPlaybook,
  nothingFound,
  type PlaybookGroup,
  place,
} from '../view.ts'
import { excerptHtml } from './excerpt.ts'
import { helpHtml } from './help.ts'
import { type Html, html, scriptData, withCode } from './markup.ts'

/** Fragment ids that stay the same from report to report: they come from the finding's key. */
export function anchors(findings: readonly AssessmentFinding[]): (key: string) => string {
  const ids = new Map(
    findings.map(({ key }) => [key, `f-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`]),
  )
  return key => ids.get(key) ?? 'findings'
}

export function findingsSection(assessment: Assessment, anchor: (key: string) => string): Html {
  const groups = groupByPlaybook(assessment)
  if (groups.length === 0) {
    return html`<section id="findings" aria-labelledby="findings-title">
  <h2 id="findings-title">Findings</h2>
  <p class="empty">${nothingFound(assessment)}</p>
</section>
`
  }
  const shown = groups.flatMap(group => group.findings)
  return html`<section id="findings" aria-labelledby="findings-title">
  <h2 id="findings-title" tabindex="-1">Findings</h2>
  ${filters(assessment, groups)}
  <p class="shown" role="status" id="shown">${count(shown.length, 'finding')}</p>
  <div id="groups">${groups.map(group => groupHtml(group, anchor))}</div>
  <p class="empty" id="nothing" hidden>No finding matches these filters.</p>
  <script type="application/json" id="finding-index">${scriptData(shown.map(one => indexEntry(one, anchor)))}</script>
</section>
`
}

/** What the filters look at. Text in lower case. */
function indexEntry(finding: AssessmentFinding, anchor: (key: string) => string) {
  const { playbook, title, location, routes, evidence } = finding
  const text = [playbook, title, location.file, ...routes, ...evidence.map(item => item.text)].map(oneLine).join('\n')
  return {
    id: anchor(finding.key),
    severity: finding.severity,
    area: areaOf(finding),
    playbook,
    status: finding.status,
    routes: routes.map(oneLine),
    text: text.toLowerCase(),
  }
}

/** Hidden until the script runs: without it they would do nothing. */
function filters(assessment: Assessment, groups: readonly PlaybookGroup[]): Html {
  const { findings } = assessment
  const areas = AREA_IDS.filter(area => findings.some(finding => areaOf(finding) === area))
  const routes = [...new Set(findings.flatMap(finding => finding.routes.map(oneLine)))].sort(compareText)
  const option = (value: string, text: string) => html`<option value="${value}">${text}</option>`
  const sorted = [...groups].sort((a, b) => compareText(a.ref, b.ref))
  return html`<form class="filters" id="filters" role="search" aria-label="Filter findings" hidden>
    <fieldset><legend>Severity</legend>${bySeverity(findings).map(
      one =>
        html`<button type="button" class="toggle ${one.severity}" data-severity="${one.severity}" aria-pressed="false">${one.severity}</button>`,
    )}</fieldset>
    <label>Area<select name="area">${option('', 'All areas')}${areas.map(area => option(area, AREA_NAMES[area]))}</select></label>
    <label>Playbook<select name="playbook">${option('', 'All playbooks')}${sorted.map(group => option(group.ref, group.ref))}</select></label>
    <label>Route<select name="route">${option('', 'All routes')}${routes.map(route => option(route, route))}</select></label>
    <label>Status<select name="status">${option('open', 'Open')}${option('baseline', 'In the baseline')}${option('suppressed', 'Suppressed')}${option('', 'All')}</select></label>
    <label class="text">Search<input type="search" name="text" placeholder="table, file, words…" autocomplete="off" spellcheck="false"></label>
    <div class="actions">
      <button type="reset">Reset</button>
      <button type="button" id="open-all" aria-controls="groups">Expand all</button>
    </div>
  </form>`
}

/** Places of one problem shown at once; the filters unfold the rest. */
const PLACES_SHOWN = 10

function groupHtml(group: PlaybookGroup, anchor: (key: string) => string): Html {
  const { playbook, findings, ref } = group
  const rest = findings.slice(PLACES_SHOWN)
  const fix = playbook
    ? { auto: 'can be fixed automatically', draft: 'a fix can be drafted', advice: 'advice only' }[playbook.fix]
    : ''
  return html`<section class="group" aria-label="${group.title}">
    <div class="group-head">
      <h3>${withCode(group.title)}</h3>
      <p class="meta"><span class="chip ${group.severity}">${group.severity}</span> ${AREA_NAMES[group.area]} · <code>${ref}</code> · <span class="places">${count(findings.length, 'place')}</span>${fix ? ` · ${fix}` : ''}</p>
    </div>
    ${playbook ? html`<details class="help"><summary>Why it breaks and how to fix it</summary><div class="inner prose">${helpHtml(playbook.help)}</div></details>` : null}
    ${findings.slice(0, PLACES_SHOWN).map(finding => findingHtml(finding, anchor))}
    ${rest.length > 0 ? html`<details class="fold"><summary>${count(rest.length, 'more place')}</summary>${rest.map(finding => findingHtml(finding, anchor))}</details>` : null}
  </section>
`
}

function findingHtml(finding: AssessmentFinding, anchor: (key: string) => string): Html {
  const { location, evidence, routes, suppression } = finding
  const facts = [
    `${finding.confidence} confidence`,
    ...(finding.usersGained === null ? [] : [`${thousands(finding.usersGained)} concurrent users gained by fixing it`]),
    ...(location.endLine && location.endLine > location.line ? [`lines ${location.line} to ${location.endLine}`] : []),
  ]
  return html`<details class="finding ${finding.severity}" id="${anchor(finding.key)}">
      <summary>
        <span class="chip ${finding.severity}">${finding.severity}</span>
        <span class="title">${withCode(finding.title)}</span>
        ${finding.security ? html`<span class="tag">security</span>` : null}
        ${finding.status === 'open' ? null : html`<span class="tag">${finding.status}</span>`}
        ${finding.usersGained ? html`<span class="gain">+${thousands(finding.usersGained)} users</span>` : null}
        <span class="where">${place(location)}</span>
      </summary>
      <div class="inner">
        <p class="facts">${facts.join(' · ')}</p>
        ${finding.status === 'suppressed' ? html`<p class="suppressed">Suppressed by ${suppression?.by ?? 'unknown'}: ${suppression?.reason ?? 'no reason given'}</p>` : null}
        ${evidence.length > 0 ? html`<h4>Evidence</h4><ul class="evidence">${evidence.map(item => html`<li>${withCode(item.text)}${item.location ? html` <span class="where">${place(item.location)}</span>` : null}</li>`)}</ul>` : null}
        ${excerptHtml(finding)}
        ${routes.length > 0 ? html`<h4>Reached by ${count(routes.length, 'route')}</h4>${routeList(routes)}` : null}
      </div>
    </details>`
}

const ROUTES_SHOWN = 12

function routeList(routes: readonly string[]): Html {
  const items = (some: readonly string[]) =>
    html`<ul class="routes">${some.map(route => html`<li><code>${route}</code></li>`)}</ul>`
  if (routes.length <= ROUTES_SHOWN) return items(routes)
  const rest = routes.slice(ROUTES_SHOWN)
  return html`${items(routes.slice(0, ROUTES_SHOWN))}<details><summary>${count(rest.length, 'more route')}</summary>${items(rest)}</details>`
}
