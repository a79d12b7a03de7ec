import { expect, test } from 'vitest'
import { HOSTILE } from '../fixtures/hostile.ts'
import { helpHtml } from './help.ts'
import { html, scriptData, trusted, withCode } from './markup.ts'

test('text is escaped for elements and for attributes', () => {
  expect(html`<p title="${HOSTILE.attribute}">${HOSTILE.html}</p>`.markup).toBe(
    '<p title="&quot; onmouseover=&quot;window.__hacked=1&quot; data-x=&quot;">&lt;img src=x onerror=&quot;window.__hacked=1&quot;&gt;' +
      '&lt;script&gt;window.__hacked=1&lt;/script&gt;</p>',
  )
})

test('markup goes in as it is, lists are joined, nothing stays nothing', () => {
  expect(html`<ul>${[html`<li>a</li>`, trusted('<li>b</li>')]}${null}${undefined}${false}${0}</ul>`.markup).toBe(
    '<ul><li>a</li><li>b</li>0</ul>',
  )
})

test('data for a script tag cannot end the tag and reads back the same', () => {
  const data = { a: HOSTILE.scriptEnd, b: '\u2028', c: '<!-- <script>' }
  const { markup } = scriptData(data)
  expect(markup).not.toMatch(/[<>&\u2028]/)
  expect(JSON.parse(markup)).toEqual(data)
})

test('names between backticks are code, and still text', () => {
  expect(withCode('`<b>` is *read*').markup).toBe('<code>&lt;b&gt;</code> is *read*')
})

test('help keeps its formatting, below the headings of the page', () => {
  expect(helpHtml('## Fix\n\nAdd **`limit`**, see [docs](https://supabase.com/docs).').markup).toBe(
    '<h4>Fix</h4>\n<p>Add <strong><code>limit</code></strong>, see <a href="https://supabase.com/docs" rel="noopener noreferrer">docs</a>.</p>\n',
  )
})

test.each([
  '<script>alert(1)</script>',
  'a <img src=x onerror=alert(1)> b',
  '[x](javascript:alert(1)) [y](data:text/html,1) [z](http://plain.example)',
  '![pixel](https://evil.example/p.png)',
  '```html"><script>\n</code></pre><script>alert(1)</script>\n```',
])('help has no raw HTML, image or unsafe link: %s', markdown => {
  expect(helpHtml(markdown).markup).not.toMatch(/<script|<img|href=|<\/code><\/pre><script/)
})
