import { Marked, type Tokens } from 'marked'
import { escapeText, type Html, trusted } from './markup.ts'

/** Headings of a playbook start at `##`; on the page they stand below the `h3` of its group. */
const HEADING_SHIFT = 2

const marked = new Marked({
  gfm: true,
  async: false,
  renderer: {
    html: ({ text }) => escapeText(text),
    image: ({ text }) => escapeText(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      if (!/^https:\/\//i.test(href)) return text
      return `<a href="${escapeText(href)}" rel="noopener noreferrer">${text}</a>`
    },
    heading({ tokens, depth }: Tokens.Heading) {
      const level = Math.min(6, depth + HEADING_SHIFT)
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
    },
    code: ({ text }) => `<pre tabindex="0"><code>${escapeText(text)}</code></pre>\n`,
    codespan: ({ text }) => `<code>${escapeText(text)}</code>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

/** Markdown of a playbook as HTML: no raw HTML, no images, links only to https. */
export function helpHtml(markdown: string): Html {
  return trusted(marked.parse(markdown) as string)
}
