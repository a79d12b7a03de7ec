import type { Assessment } from '../assessment.ts'
import { type AreaScore, CONFIDENCE_WEIGHT, SCORE_RULE, SEVERITY_POINTS, scoreAreas } from '../score.ts'
import { count } from '../text.ts'
import { AREA_NAMES } from '../view.ts'
import { type Html, html } from './markup.ts'

const RADIUS = 44
const AROUND = 2 * Math.PI * RADIUS

export function scoresSection(assessment: Assessment): Html {
  const scores = scoreAreas(assessment)
  return html`<section id="scores" aria-labelledby="scores-title">
  <h2 id="scores-title">Score by area</h2>
  <ul class="gauges">${scores.map(gaugeItem)}</ul>
  <details class="rule">
    <summary>How the scores are made</summary>
    <div class="inner">
      <p>${SCORE_RULE}</p>
      ${penaltyTable(scores)}
    </div>
  </details>
</section>
`
}

function gaugeItem(area: AreaScore): Html {
  const name = AREA_NAMES[area.area]
  const found = area.open === 0 ? 'no open findings' : count(area.open, 'open finding')
  const { extent, ran, total } = area.investigation
  if (area.score === null) {
    return html`<li class="gauge none">${gauge(area, `${name}: not investigated`)}
      <span class="name">${name}</span><span class="note">not investigated</span></li>`
  }
  const note = extent === 'part' && total > 0 ? html`<span class="note">${ran} of ${total} checks ran</span>` : null
  const body = html`${gauge(area, `${name}: ${area.score} of 100`)}<span class="name">${name}</span><span class="note">${found}</span>${note}`
  return area.open === 0
    ? html`<li class="gauge ${grade(area.score)}">${body}</li>`
    : html`<li class="gauge ${grade(area.score)}"><a href="#findings" data-area="${area.area}">${body}</a></li>`
}

/** As Lighthouse's: 90 and above good, 50 and above middling. */
function grade(score: number): string {
  return score >= 90 ? 'good' : score >= 50 ? 'middling' : 'poor'
}

function gauge({ score }: AreaScore, label: string): Html {
  const arc = score === null ? 0 : (score / 100) * AROUND
  return html`<svg class="dial" viewBox="0 0 100 100" role="img" aria-label="${label}">
      <circle class="track" cx="50" cy="50" r="${RADIUS}"/>
      ${score ? html`<circle class="arc" cx="50" cy="50" r="${RADIUS}" transform="rotate(-90 50 50)" stroke-dasharray="${arc.toFixed(2)} ${AROUND.toFixed(2)}"/>` : null}
      <text x="50" y="50" text-anchor="middle" dominant-baseline="central" aria-hidden="true">${score ?? '–'}</text>
    </svg>`
}

function penaltyTable(scores: readonly AreaScore[]): Html {
  const rows = scores.flatMap(area =>
    area.penalties.map(
      penalty => html`<tr><td>${AREA_NAMES[area.area]}</td><td>${penalty.title} <code>${penalty.playbook}</code></td>
        <td class="figure">${penalty.places}</td><td class="figure">−${Number(penalty.points.toFixed(1))}</td></tr>`,
    ),
  )
  const points = Object.entries(SEVERITY_POINTS).map(([name, number]) => `${name} ${number}`)
  const weights = Object.entries(CONFIDENCE_WEIGHT).map(([name, number]) => `${name} × ${number}`)
  if (rows.length === 0)
    return html`<p>No points were taken. Points: ${points.join(', ')}; confidence: ${weights.join(', ')}.</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Points taken from each area"><table>
        <thead><tr><th scope="col">Area</th><th scope="col">Problem</th><th scope="col" class="figure">Places</th><th scope="col" class="figure">Points</th></tr></thead>
        <tbody>${rows}</tbody>
      </table></div>`
}
