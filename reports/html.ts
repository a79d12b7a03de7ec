import { createHash } from 'node:crypto'
import type { Assessment } from './assessment.ts'
import { databaseSection } from './html/database.ts'
import { anchors, findingsSection } from './html/findings.ts'
import { gapsSection, problemsSection } from './html/gaps.ts'
import { type Html, html, trusted } from './html/markup.ts'
import { matrixSection } from './html/matrix.ts'
import { importantSection, overviewSection, renderingSection } from './html/overview.ts'
import { scoresSection } from './html/scores.ts'
import { SCRIPT } from './html/script.ts'
import { STYLES } from './html/styles.ts'
import { subject } from './view.ts'

/**
 * One page that needs nothing else: style and script are inline and named by hash in a policy that allows no other, so that text of
 * the audited repository can neither run nor load anything even if it got through the escaping.
 */
export function renderHtml(assessment: Assessment): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hash(STYLES)}'`,
    `script-src '${hash(SCRIPT)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const anchor = anchors(assessment.findings)
  const sections: [id: string, name: string, section: Html | null][] = [
    ['scores', 'Scores', scoresSection(assessment)],
    ['first', 'What matters most', importantSection(assessment, anchor)],
    ['findings', 'Findings', findingsSection(assessment, anchor)],
    ['rendering', 'Rendering', renderingSection(assessment)],
    ['matrix', 'Routes and data', matrixSection(assessment)],
    ['database', 'Database', databaseSection(assessment)],
    ['gaps', 'Not investigated', gapsSection(assessment)],
    ['problems', 'Problems', problemsSection(assessment)],
  ]
  const shown = sections.filter(([, , section]) => section !== null)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Scalability of ${subject(assessment)}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="bar"><div class="bar-inner">
  <a class="brand" href="#overview">${assessment.tool.name}</a>
  <nav aria-label="Sections">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
  <button type="button" id="theme" hidden>Theme</button>
</div></div>
<main id="main" tabindex="-1">
${overviewSection(assessment)}${shown.map(([, , section]) => section)}</main>
<footer><p>Written by ${assessment.tool.name} ${assessment.tool.version}. This page holds everything it shows and loads nothing.</p></footer>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`
  return page.markup
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
