import { describe, expect, test } from 'vitest'
import type { AssessmentFinding } from './assessment.ts'
import { bareAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { gaps, groupByPlaybook, investigation, mostImportant, nothingFound, renderingModes } from './view.ts'

const model = richAssessment.findings[0]!

function finding(changes: Partial<AssessmentFinding>): AssessmentFinding {
  return { ...model, security: false, severity: 'medium', ...changes }
}

describe('what matters most', () => {
  test('critical ones come first, then the users that a fix buys, then severity', () => {
    const found = [
      finding({ playbook: 'database/a', severity: 'high' }),
      finding({ playbook: 'database/b', severity: 'low', usersGained: 500 }),
      finding({ playbook: 'database/c', severity: 'critical' }),
    ]
    expect(mostImportant(found).map(one => one.playbook)).toEqual(['database/c', 'database/b', 'database/a'])
  })

  test('one habit in many files does not hide the other problems', () => {
    const many = Array.from({ length: 30 }, (_, line) =>
      finding({ severity: 'high', key: `k${line}`, location: { file: 'a.ts', line: line + 1 } }),
    )
    const first = mostImportant([...many, finding({ playbook: 'api/other', severity: 'low' })])
    expect(first.map(one => one.playbook)).toContain('api/other')
    expect(first).toHaveLength(10)
  })

  test('suppressed and baseline findings are not among them', () => {
    expect(mostImportant([finding({ status: 'suppressed' }), finding({ status: 'baseline' })])).toEqual([])
  })
})

test('a playbook is one group with its worst severity', () => {
  const group = groupByPlaybook(richAssessment).find(one => one.ref === 'database/unbounded-query')
  expect(group).toMatchObject({ severity: 'high', area: 'database', title: 'Query without a bound' })
  expect(group?.findings).toHaveLength(7)
})

describe('how far an area was looked at', () => {
  test.each([
    ['database', 'part'],
    ['api', 'all'],
    ['observability', 'none'],
    ['cost', 'none'],
  ] as const)('%s: %s', (area, extent) => {
    expect(investigation(richAssessment, area).extent).toBe(extent)
  })

  test('an area outside --area says so', () => {
    expect(investigation(quietAssessment, 'api').reasons).toEqual(['outside the areas asked for'])
  })
})

test('gaps name the run, the playbooks that did not run and the areas nobody looked at, each once', () => {
  const what = gaps(richAssessment).map(gap => gap.what)
  expect(what).toEqual(
    expect.arrayContaining(['live database', 'database/raw-sql', 'observability/no-error-tracking', 'Cost']),
  )
  expect(new Set(what).size).toBe(what.length)
})

test('no findings is never called clean', () => {
  expect(nothingFound(quietAssessment)).toBe('No findings in the areas that were investigated.')
  expect(nothingFound(bareAssessment)).toBe('Nothing was investigated: there are no findings to show.')
})

test('modes come from the summary, else from the routes', () => {
  expect(renderingModes(richAssessment).map(one => one.mode)).toEqual([
    'static',
    'isr',
    'partial',
    'dynamic',
    'unknown',
  ])
  expect(renderingModes({ ...quietAssessment, summary: undefined })).toEqual([{ mode: 'static', count: 1 }])
})
