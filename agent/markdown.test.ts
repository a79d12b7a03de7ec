import picocolors from 'picocolors'
import { describe, expect, it } from 'vitest'
import { markdownForTerminal } from './markdown.ts'

function plain(markdown: string, width = 40): string {
  return markdownForTerminal(markdown, { colors: picocolors.createColors(false), width })
}

describe('markdownForTerminal', () => {
  it.each([
    ['headings', '## Fix\n\nText.', 'Fix\n\nText.'],
    [
      'paragraphs, wrapped',
      'one two three four five six seven\neight nine ten',
      'one two three four five six seven eight\nnine ten',
    ],
    [
      'lists, hanging',
      '- one two three four five six seven eight nine',
      '• one two three four five six seven\n  eight nine',
    ],
    ['numbered lists', '1. first\n2. second', '1. first\n2. second'],
    ['code, as it is', '```ts\nconst a =  1\n```', '    const a =  1'],
    ['code spans and strong words', 'the `limit(n)` is **needed**', 'the limit(n) is needed'],
    ['links', 'see [docs](https://example.com/a)', 'see docs (https://example.com/a)'],
  ])('shows %s', (_what, markdown, expected) => {
    expect(plain(markdown)).toBe(expected)
  })

  it('marks with colours when there are any', () => {
    const colors = picocolors.createColors(true)
    expect(markdownForTerminal('## Fix', { colors, width: 40 })).toContain('\u001b[1m')
  })
})
