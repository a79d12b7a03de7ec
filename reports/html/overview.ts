import type { Assessment } from '../assessment.ts'
import { count, thousands } from '../text.ts'
import {
  bySeverity,
  MODE_NAMES,
  mostImportant,
  nothingFound,
  place,
  renderingModes,
  routeKinds,
  subject,
} from '../view.ts'
import { type Html, html, withCode } from './markup.ts'

export function overviewSection(assessment: Assessment): Html {
  const { tool, generatedAt, apps, scope } = assessment
  const made = generatedAt
    ? html` · <time datetime="${generatedAt}">${generatedAt.slice(0, 16).replace('T', ' ')} UTC</time>`
    : null
  const narrowed = [
    ...(scope?.areas ? [`areas ${scope.areas.join(', ')}`] : []),
    ...(scope?.playbooks ? [`playbooks ${scope.playbooks.join(', ')}`] : []),
    ...(scope?.since ? [`what changed since ${scope.since}`] : []),
  ]
  return html`<header class="hero" id="overview">
  <p class="eyebrow">Scalability report</p>
  <h1>${subject(assessment)}</h1>
  <p class="verdict">${verdict(assessment)}</p>
  <ul class="apps">${apps.map(
    app =>
      html`<li><strong>${app.root === '.' ? 'App' : app.root}</strong> Next.js ${app.next ?? 'of unknown version'}${
        app.cacheComponents ? ' · cache components' : ''
      }${app.supabaseJs ? ` · supabase-js ${app.supabaseJs}` : ''}</li>`,
  )}${apps.length === 0 ? html`<li>No Next.js app found</li>` : null}</ul>
  ${narrowed.length > 0 ? html`<p class="narrowed">Narrowed to ${narrowed.join('; ')}.</p>` : null}
  ${tiles(assessment)}
  ${undecidedLine(assessment)}
  <p class="made">${tool.name} ${tool.version}${made}</p>
</header>
`
}

function verdict(assessment: Assessment): Html {
  const open = assessment.findings.filter(finding => finding.status === 'open')
  if (open.length === 0) {
    const text =
      assessment.findings.length > 0
        ? 'No open findings in the areas that were investigated.'
        : nothingFound(assessment)
    return html`${text}`
  }
  const totals = bySeverity(open).map(
    one => html`<span class="chip ${one.severity}">${one.count} ${one.severity}</span> `,
  )
  return html`${count(open.length, 'open finding')}: ${totals}`
}

function tiles(assessment: Assessment): Html {
  const { summary } = assessment
  const facts: { name: string; value: string; note?: string }[] = [
    { name: 'Routes', value: thousands(assessment.routes.length), note: routeKinds(assessment).join(', ') },
    { name: 'Data accesses', value: thousands(summary?.accesses ?? assessment.accesses.length) },
    {
      name: 'Tables',
      value: summary?.tables === null || !summary ? '–' : thousands(summary.tables),
      note: summary?.tables == null ? 'not known' : '',
    },
    ...(summary
      ? [{ name: 'Files', value: thousands(summary.files), note: `${thousands(summary.filesParsed)} of them parsed` }]
      : []),
  ]
  return html`<dl class="tiles">${facts.map(
    fact =>
      html`<div><dt>${fact.name}</dt><dd class="value">${fact.value}</dd>${fact.note ? html`<dd class="note">${fact.note}</dd>` : null}</div>`,
  )}</dl>`
}

/** Not summed up: an access may be undecided in two ways. */
function undecidedLine({ summary }: Assessment): Html | null {
  const undecided = (summary?.unknown ?? []).filter(one => one.count > 0)
  if (undecided.length === 0) return null
  const items = undecided.map(one => `${thousands(one.count)} ${one.what}`).join('; ')
  return html`<p class="undecided"><strong>Could not be decided:</strong> ${items}.</p>`
}

/** The ten to read first, each a link to its place in the list below. */
export function importantSection(assessment: Assessment, anchor: (key: string) => string): Html | null {
  const first = mostImportant(assessment.findings)
  if (first.length === 0) return null
  const items = first.map(
    finding => html`<li>
      <a href="#${anchor(finding.key)}"><span class="chip ${finding.severity}">${finding.severity}</span> <span class="title">${withCode(finding.title)}</span></a>
      ${finding.usersGained ? html`<span class="gain">+${thousands(finding.usersGained)} users</span>` : null}
      <span class="where">${place(finding.location)}</span>
      ${finding.evidence[0] ? html`<span class="because">${withCode(finding.evidence[0].text)}</span>` : null}
    </li>`,
  )
  return html`<section id="first" aria-labelledby="first-title">
  <h2 id="first-title">What matters most</h2>
  <ol class="first">${items}</ol>
</section>
`
}

export function renderingSection(assessment: Assessment): Html | null {
  const modes = renderingModes(assessment)
  const total = modes.reduce((sum, one) => sum + one.count, 0)
  if (total === 0) return null
  let from = 0
  const bars = modes.map(({ mode, count: number }) => {
    const x = (from / total) * 1000
    from += number
    return html`<rect class="m-${mode}" x="${x.toFixed(1)}" y="0" width="${((number / total) * 1000).toFixed(1)}" height="20"/>`
  })
  const label = modes.map(one => `${one.count} ${MODE_NAMES[one.mode]}`).join(', ')
  const notes = {
    static: 'made at build time, served from the CDN',
    isr: 'made again after its time, shared by all',
    partial: 'static shell, the rest per request',
    dynamic: 'rendered for every request',
    unknown: 'could not be decided',
  }
  return html`<section id="rendering" aria-labelledby="rendering-title">
  <h2 id="rendering-title">How routes are rendered</h2>
  <svg class="modes" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" aria-label="${label}">${bars}</svg>
  <ul class="legend">${modes.map(
    one =>
      html`<li><span class="dot m-${one.mode}"></span><strong>${one.count} ${MODE_NAMES[one.mode]}</strong> <span class="note">${notes[one.mode]}</span></li>`,
  )}</ul>
  ${routeTable(assessment)}
</section>
`
}

function routeTable({ routes, apps }: Assessment): Html {
  const rows = routes.map(route => {
    const { rendering } = route
    const seconds = rendering?.revalidateSeconds ? ` ${rendering.revalidateSeconds} s` : ''
    return html`<tr><td><code>${route.path}</code>${route.name ? html` <span class="note">${route.name}</span>` : null}</td>
      ${apps.length > 1 ? html`<td>${route.app}</td>` : null}<td>${route.kind}</td>
      <td>${rendering ? html`<span class="dot m-${rendering.mode}"></span>${MODE_NAMES[rendering.mode]}${seconds}` : '–'}</td>
      <td>${rendering ? rendering.reasons.join('; ') : ''}</td></tr>`
  })
  return html`<details>
    <summary>All ${count(routes.length, 'route')} and why they are rendered so</summary>
    <div class="inner scroll" tabindex="0" role="region" aria-label="Routes and their rendering"><table>
      <thead><tr><th scope="col">Route</th>${apps.length > 1 ? html`<th scope="col">App</th>` : null}<th scope="col">Kind</th><th scope="col">Rendering</th><th scope="col">Because</th></tr></thead>
      <tbody>${rows}</tbody>
    </table></div>
  </details>`
}
