import type { Assessment } from '../assessment.ts'
import type { LiveSection, ReplaySection } from '../database.ts'
import { databaseFacts, driftLine } from '../databaseview.ts'
import { count } from '../text.ts'
import { place } from '../view.ts'
import { type Html, html } from './markup.ts'

/** A page that lists a thousand differences helps nobody; the JSON has them all. */
const DRIFT_SHOWN = 200

export function databaseSection(assessment: Assessment): Html | null {
  const facts = databaseFacts(assessment)
  const { database } = assessment
  if (!database || facts.length === 0) return null
  const labels = [...new Set(facts.map(({ label }) => label))]
  return html`<section id="database" aria-labelledby="database-title">
  <h2 id="database-title">Database</h2>
  <dl class="gaps">${labels.map(label => {
    const texts = facts.filter(fact => fact.label === label).map(({ text }) => text)
    return html`<div><dt>${label}</dt><dd>${texts.join('; ')}</dd></div>`
  })}</dl>
  ${database.advice ? html`<pre>${database.advice}</pre>` : null}${database.replay ? replayDetails(database.replay) : null}${database.live ? driftDetails(database.live) : null}
</section>
`
}

function replayDetails({ rootFailures, refused, notes }: ReplaySection): Html | null {
  const items = [
    ...rootFailures.map(
      ({ file, line, message, cause, cascades, standIn, recovered }) =>
        html`<li><span class="where">${place({ file, line })}</span> ${message} <span class="note">${cause}${
          recovered ? ', in the transaction of its file only' : ''
        }${standIn ? ', a real Supabase would accept it' : ''}${cascades > 0 ? `, ${count(cascades, 'later failure')}` : ''}</span></li>`,
    ),
    ...refused.map(
      ({ file, line, why }) => html`<li><span class="where">${place({ file, line })}</span> not run: ${why}</li>`,
    ),
    ...notes.map(note => html`<li>${note}</li>`),
  ]
  if (items.length === 0) return null
  return html`<details>
    <summary>What the replay met</summary>
    <ul class="problems inner">${items}</ul>
  </details>`
}

function driftDetails({ drift }: LiveSection): Html | null {
  if (!drift || drift.length === 0) return null
  const shown = drift.slice(0, DRIFT_SHOWN).map(item => html`<li>${driftLine(item)}</li>`)
  const left = drift.length - DRIFT_SHOWN
  return html`<details>
    <summary>Differences between the files and the running database</summary>
    <ul class="problems inner">${shown}${left > 0 ? html`<li>and ${left} more, in assessment.json</li>` : null}</ul>
  </details>`
}
