import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bareAssessment, largeAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { renderHtml } from './html.ts'

const page = renderHtml(richAssessment)

test('the same assessment gives the same page', () => {
  expect(renderHtml(structuredClone(richAssessment))).toBe(page)
})

test('the policy allows the inline style and script by their hashes, and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)![1]!
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1]!
  expect(policy).toBe(
    `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; img-src data:; base-uri 'none'; form-action 'none'`,
  )
})

test('no attribute styles or runs anything', () => {
  expect(page).not.toMatch(/<[^>]*\s(style|on\w+)=(?!&)["'][^>]*>/)
})

test('every finding is there, with its evidence and its place', () => {
  expect(page.match(/<details class="finding /g)).toHaveLength(richAssessment.findings.length)
  expect(page).toContain('frontend/src/app/api/views/route.ts:8')
})

test('an area that was not investigated has no score', () => {
  expect(page).toContain('aria-label="Cost: not investigated"')
  expect(page).toContain('aria-label="Database: 48 of 100"')
})

test('without findings the page does not say clean', () => {
  expect(renderHtml(quietAssessment)).toContain('No findings in the areas that were investigated.')
  expect(renderHtml(bareAssessment)).toContain('Nothing was investigated: there are no findings to show.')
})

describe('many routes and tables', () => {
  const large = renderHtml(largeAssessment({ routes: 500, tables: 60, findings: 10 }))

  test('the busiest routes are shown and all others folded', () => {
    const rows = large
      .slice(large.indexOf('id="matrix-table"'))
      .match(/<tr[ >][\s\S]*?<\/tr>/g)!
      .slice(1)
    const reaching = 375
    expect(rows.filter(row => !row.startsWith('<tr class="folded">'))).toHaveLength(20)
    expect(rows).toHaveLength(reaching)
    expect(large).toContain('125 routes reach no data.')
  })

  test('tables beyond the busiest are one column, and named', () => {
    const others = /<span>(\d+) others<\/span>/.exec(large)![1]
    expect(large).toContain(`<summary>The ${others} others</summary><p class="inner">table_`)
  })
})
