import { createHash } from 'node:crypto'
import type { AuditFinding, AuditReport, TrendPoint } from './audit.ts'
import { headline } from './auditmarkdown.ts'
import { type Html, html, trusted } from './html/markup.ts'
import { SEVERITY_ORDER, type SeverityId } from './view.ts'

const COLORS: Record<SeverityId, string> = {
  critical: '#b3123c',
  high: '#d9480f',
  medium: '#c99700',
  low: '#4c7bb5',
  info: '#8a8f98',
}

const STYLES = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5c6470;--line:#d9dde3;--page:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#9aa3af;--line:#2f353d;--page:#14171a}}
body{margin:0 auto;max-width:60rem;padding:2rem 1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
p.lead{font-size:1.05rem}ul{list-style:none;padding:0;margin:0}li{padding:.5rem 0;border-top:1px solid var(--line)}
code{font-size:.85em;overflow-wrap:anywhere}.place{color:var(--soft);font-size:.9rem}
.level{display:inline-block;min-width:4.5rem;font-weight:600}
${SEVERITY_ORDER.map(level => `.${level}{color:${COLORS[level]}}`).join('')}
svg{width:100%;height:auto}text{fill:var(--soft);font-size:11px}footer{margin-top:3rem;color:var(--soft);font-size:.9rem}
`

/** One page that loads nothing and runs nothing. */
export function renderAuditHtml(report: AuditReport): string {
  const hash = createHash('sha256').update(STYLES).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Scalability audit of ${report.repository}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<h1>Scalability audit of ${report.repository}</h1>
<p class="lead">${headline(report)}</p>
${chart(report.trend)}
${section('New', report.added)}${section('Fixed', report.fixed)}${section('Not judged this time', report.notJudged)}
${gaps(report)}
<footer><p>Written by scalability-agent ${report.current.version} on ${report.current.generatedAt.slice(0, 10)}.</p></footer>
</body>
</html>
`.markup
}

const WIDTH = 720
const HEIGHT = 160

/** Open findings of each audit as a stacked bar, worst at the bottom. */
function chart(trend: readonly TrendPoint[]): Html {
  const shown = trend.slice(-12)
  const sums = shown.map(({ open }) => SEVERITY_ORDER.reduce((sum, level) => sum + open[level], 0))
  const most = Math.max(1, ...sums)
  const step = WIDTH / Math.max(4, shown.length)
  const bars = shown.map((point, index) => {
    let y = HEIGHT
    const parts = SEVERITY_ORDER.map(level => {
      const height = (point.open[level] / most) * (HEIGHT - 20)
      y -= height
      return html`<rect x="${index * step + 6}" y="${y.toFixed(1)}" width="${(step - 12).toFixed(1)}" height="${height.toFixed(1)}" fill="${COLORS[level]}"><title>${point.open[level]} ${level}</title></rect>`
    })
    const middle = (index * step + step / 2).toFixed(1)
    return html`${parts}<text x="${middle}" y="${(y - 4).toFixed(1)}" text-anchor="middle">${sums[index] ?? 0}</text><text x="${middle}" y="${HEIGHT + 16}" text-anchor="middle">${point.generatedAt.slice(0, 10)}</text>`
  })
  const label = shown.map(({ generatedAt }, index) => `${generatedAt.slice(0, 10)}: ${sums[index]}`).join(', ')
  return html`<h2>Open findings</h2><svg viewBox="0 0 ${WIDTH} ${HEIGHT + 22}" role="img" aria-label="${label}">${bars}</svg>`
}

function section(title: string, findings: readonly AuditFinding[]): Html | null {
  if (findings.length === 0) return null
  const items = findings
    .slice(0, 100)
    .map(
      ({ severity, title: text, file, line, playbook }) =>
        html`<li><span class="level ${severity}">${severity}</span> ${text}<br><span class="place"><code>${file}:${line}</code> · ${playbook}</span></li>`,
    )
  return html`<h2>${title} (${findings.length})</h2><ul>${items}</ul>`
}

function gaps({ notInvestigated }: AuditReport): Html | null {
  if (notInvestigated.length === 0) return null
  return html`<h2>Not investigated</h2><ul>${notInvestigated.map(({ what, why }) => html`<li>${what}: ${why}</li>`)}</ul>`
}
