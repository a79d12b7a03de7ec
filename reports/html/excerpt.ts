import type { AssessmentFinding } from '../assessment.ts'
import { harmless, truncate } from '../text.ts'
import { type Html, html } from './markup.ts'

const LONGEST_LINE = 400

const KEYWORDS =
  'as|async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|if|import|in|' +
  'instanceof|interface|let|new|null|of|return|switch|throw|true|false|try|type|typeof|undefined|var|void|while|yield'

const SQL_KEYWORDS =
  'alter|and|as|begin|by|check|column|constraint|create|default|definer|delete|end|exists|for|foreign|from|function|grant|group|' +
  'index|insert|into|join|key|language|not|null|on|or|order|policy|primary|references|returns|security|select|set|table|to|' +
  'trigger|unique|update|using|values|view|where|with'

const SCRIPT = tokens(`\\/\\/.*|\\/\\*.*?\\*\\/|^\\s*\\*.*`, KEYWORDS, '')
const SQL = tokens('--.*', SQL_KEYWORDS, 'i')

function tokens(comments: string, keywords: string, flags: string): RegExp {
  const strings = `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"|\`(?:[^\`\\\\]|\\\\.)*\``
  return new RegExp(`(${comments})|(${strings})|\\b(${keywords})\\b|\\b(\\d[\\d_.]*)\\b`, `g${flags}`)
}

/** Source around a finding with line numbers, the lines of the finding marked. */
export function excerptHtml({ excerpt, location }: AssessmentFinding): Html | null {
  if (!excerpt || excerpt.lines.length === 0) return null
  const end = location.endLine ?? location.line
  const grammar = location.file.toLowerCase().endsWith('.sql') ? SQL : SCRIPT
  const lines = excerpt.lines.map((source, index) => {
    const number = excerpt.startLine + index
    const line = truncate(harmless(source).replaceAll('\n', ' '), LONGEST_LINE)
    const hit = number >= location.line && number <= end
    return html`<span class="line${hit ? ' hit' : ''}"><span class="number" aria-hidden="true">${number}</span><span class="source">${coloured(line, grammar)}</span></span>`
  })
  const label = `${location.file}, lines ${excerpt.startLine} to ${excerpt.startLine + excerpt.lines.length - 1}`
  return html`<pre class="excerpt" tabindex="0" role="region" aria-label="${label}"><code>${lines}</code></pre>`
}

/** A rough colouring, line by line: enough to read by, not a parser. */
function coloured(line: string, grammar: RegExp): Html {
  const parts: Html[] = []
  let last = 0
  for (const match of line.matchAll(grammar)) {
    const kind = match[1] ? 'comment' : match[2] ? 'string' : match[3] ? 'keyword' : 'digits'
    parts.push(html`${line.slice(last, match.index)}<span class="t-${kind}">${match[0]}</span>`)
    last = match.index + match[0].length
  }
  return html`${parts}${line.slice(last)}`
}
