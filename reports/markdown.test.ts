import { Marked, type Token } from 'marked'
import { describe, expect, test } from 'vitest'
import { bareAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { HOSTILE } from './fixtures/hostile.ts'
import { code, fence, nestHeadings, prose } from './markdown/escape.ts'
import { renderMarkdown } from './markdown.ts'

/** Tokens as a GitHub-flavoured reader sees them, inner ones included. */
function tokens(markdown: string): Token[] {
  const seen: Token[] = []
  const marked = new Marked({ gfm: true, walkTokens: token => void seen.push(token) })
  marked.parse(markdown)
  return seen
}

function text(markdown: string): string {
  return tokens(markdown)
    .filter(
      token =>
        token.type === 'codespan' ||
        token.type === 'escape' ||
        (token.type === 'text' && !('tokens' in token && token.tokens)),
    )
    .map(token => ('text' in token ? token.text : ''))
    .join('')
}

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, hostile) => {
  test.each([
    ['in a list item', `- ${prose(hostile)}`],
    ['in a heading', `# ${prose(hostile)}`],
    ['as code', `- ${code(hostile)}`],
    ['in a table', `| a |\n| --- |\n| ${prose(hostile, true)} |\n| ${code(hostile, true)} |`],
    ['in a fence', fence(hostile, 'a.ts')],
  ])('%s nothing acts', (__, markdown) => {
    const acting = tokens(markdown).filter(token =>
      ['html', 'link', 'image', 'em', 'strong', 'del', 'br'].includes(token.type),
    )
    expect(acting).toEqual([])
  })
})

test('what was escaped reads as it was', () => {
  expect(
    text(`- ${prose(HOSTILE.scriptLink)}`)
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>'),
  ).toBe(HOSTILE.scriptLink)
  expect(prose('`posts` has *no* limit')).toBe('`posts` has \\*no\\* limit')
})

test('a code span survives backticks inside it', () => {
  expect(tokens(code('a `b` ``c``')).find(token => token.type === 'codespan')).toMatchObject({ text: 'a `b` ``c``' })
})

test('a fence is longer than any run of backticks in it', () => {
  expect(fence('````\nx', 'a.sql')).toBe('`````sql\n````\nx\n`````')
})

test('headings of a playbook go below those of the report, code blocks stay', () => {
  expect(nestHeadings('## Fix\n\n```sh\n# comment\n```\n# End', 2)).toBe('#### Fix\n\n```sh\n# comment\n```\n### End')
})

describe('the report', () => {
  const markdown = renderMarkdown(richAssessment)

  test('has no HTML, and no link but those of the playbooks', () => {
    const acting = tokens(markdown).filter(token => ['html', 'image', 'link'].includes(token.type))
    expect(
      acting.filter(token => !('href' in token && String(token.href).startsWith('https://docs.postgrest.org/'))),
    ).toEqual([])
  })

  test('has the sections in order', () => {
    const headings = tokens(markdown).flatMap(token =>
      token.type === 'heading' && token.depth === 2 ? [token.text] : [],
    )
    expect(headings).toEqual([
      'What was looked at',
      'Score by area',
      'What matters most',
      'Findings',
      'Routes',
      'Database',
      'Not investigated',
      'Problems',
      'About the problems found',
    ])
  })

  test('every finding is there with its place', () => {
    for (const { location } of richAssessment.findings.slice(0, -1)) {
      expect(markdown).toContain(`- Where: \`${location.file}:${location.line}\``)
    }
  })

  test('a suppressed finding tells who suppressed it and why', () => {
    expect(markdown).toContain(
      '- Suppressed by comment at frontend/src/app/api/export/route.ts\\:30: admin only, behind VPN',
    )
  })

  test('without findings it does not say clean', () => {
    expect(renderMarkdown(quietAssessment)).toContain('No findings in the areas that were investigated.')
    expect(renderMarkdown(bareAssessment)).toContain('Nothing was investigated')
  })
})
