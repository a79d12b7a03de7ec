import type { Assessment } from '../assessment.ts'
import { count } from '../text.ts'
import { gaps, place } from '../view.ts'
import { type Html, html } from './markup.ts'

export function gapsSection(assessment: Assessment): Html | null {
  const all = gaps(assessment)
  if (all.length === 0) return null
  return html`<section id="gaps" aria-labelledby="gaps-title">
  <h2 id="gaps-title">Not investigated</h2>
  <p class="lead">Nothing is said about these: no finding here does not mean no problem.</p>
  <dl class="gaps">${all.map(({ what, why }) => html`<div><dt>${what}</dt><dd>${why}</dd></div>`)}</dl>
</section>
`
}

export function problemsSection({ problems = [] }: Assessment): Html | null {
  if (problems.length === 0) return null
  const items = problems.map(({ message, file, line }) => {
    const where = file ? html`<span class="where">${line ? place({ file, line }) : file}</span> ` : null
    return html`<li>${where}${message}</li>`
  })
  return html`<section id="problems" aria-labelledby="problems-title">
  <h2 id="problems-title">Problems</h2>
  <p class="lead">${count(problems.length, 'thing')} the assessment stumbled on; the rest was still assessed.</p>
  <ul class="problems">${items}</ul>
</section>
`
}
