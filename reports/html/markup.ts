import { harmless, truncate } from '../text.ts'

/** HTML that is safe to put into a page. Only `html` and `trusted` make it, so that no text gets in unescaped by mistake. */
export interface Html {
  readonly markup: string
}

/** A sentence of a report is never longer; what is comes from a generated or hostile name. */
const LONGEST = 600

type Part = Html | string | number | null | undefined | false | readonly Part[]

/** Tagged template: text and numbers are escaped for element content and for quoted attributes, `Html` is taken as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((page, string, index) => page + render(parts[index - 1]) + string) }
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(render).join('')
}

/** Vouches for markup of our own. Never for anything that came from the audited repository. */
export function trusted(markup: string): Html {
  return { markup }
}

/** Control characters go and hidden ones are spelled out, so that what a person sees is what the file holds. */
export function escapeText(text: string): string {
  return harmless(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Data for a `<script type="application/json">`: no `<` is left, so no `</script>` and no `<!--` can be in it. */
export function scriptData(value: unknown): Html {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  return trusted(json)
}

/** Titles mark names with single backticks; the names become code, all else stays text. */
export function withCode(text: string): Html {
  const parts = truncate(harmless(text), LONGEST)
    .split(/(?<!`)(`[^`]+`)(?!`)/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part.slice(1, -1)}</code>` : html`${part}`))
  return html`${parts}`
}
