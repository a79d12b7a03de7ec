import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { bareAssessment, largeAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { renderTerminal } from './terminal.ts'
import { columns } from './text.ts'

const plain = renderTerminal(richAssessment, { color: false, reportPaths: ['scalability-report/assessment.html'] })

test('says what was looked at', () => {
  expect(plain).toContain('App         frontend · Next.js 16.1.2, supabase-js 2.86.0')
  expect(plain).toContain('Rendering   4 static, 3 ISR, 1 partial, 17 dynamic, 1 undecided')
  expect(plain).toContain('Tables      24')
  expect(plain).toContain('Undecided   2 accesses whose client role is unknown')
})

test('groups findings by area and severity with their places', () => {
  expect(plain).toContain('2 critical · 11 high · 4 medium · 2 low')
  expect(plain).toContain('Not shown: 2 suppressed and 1 already in the baseline.')
  expect(plain).toMatch(
    / {2}Database\n {4}high {6}database\/n-plus-one · 2 places\n {14}frontend\/src\/lib\/parts\.ts:80/,
  )
})

test('the ten that matter most have their place and one line of evidence', () => {
  expect(plain).toContain('The 10 that matter most')
  expect(plain).toContain(
    '     frontend/src/app/api/views/route.ts:8\n     reached by /api/views\n     No authentication check dominates the write.\n',
  )
})

test('names what was not investigated, the problems and the reports', () => {
  expect(plain).toContain('live database: no --db')
  expect(plain).toContain('Cost: no playbook of this area was run')
  expect(plain).toContain('frontend/src/lib/broken.ts:12: does not parse: unexpected token')
  expect(plain).toContain('Reports\n  scalability-report/assessment.html\n')
})

test('without colour there is no escape sequence, whatever the repository contains', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b]/)
})

test('colour changes nothing but colour', () => {
  const coloured = renderTerminal(richAssessment, { color: true, reportPaths: ['scalability-report/assessment.html'] })
  expect(coloured).not.toBe(plain)
  expect(stripVTControlCharacters(coloured)).toBe(plain)
})

test('no line is a command to the runner of a CI machine', () => {
  expect(plain).not.toMatch(/^\s*::/m)
  expect(plain).not.toMatch(/##\w*\[/)
})

test.each([60, 80, 100])('at %i columns only a path or a single word may be longer', width => {
  const tooLong = renderTerminal(richAssessment, { color: false, width })
    .split('\n')
    .filter(line => columns(line) > width && !/\.(tsx?|html):\d|^\s*\S+$/.test(line))
  expect(tooLong).toEqual([])
})

test('a quiet run is not called clean', () => {
  const quiet = renderTerminal(quietAssessment, { color: false })
  expect(quiet).toContain('No findings in the areas that were investigated.')
  expect(quiet).toContain('API: outside the areas asked for')
  expect(quiet).not.toMatch(/clean|all good|congrat/i)
})

test('an assessment with nothing in it still says so', () => {
  const bare = renderTerminal(bareAssessment, { color: false })
  expect(bare).toContain('App         none found')
  expect(bare).toContain('the app: no package.json with next')
})

test('a very large assessment stays short', () => {
  const large = renderTerminal(largeAssessment({ routes: 800, tables: 120, findings: 3000 }), { color: false })
  expect(large.split('\n').length).toBeLessThan(250)
})
