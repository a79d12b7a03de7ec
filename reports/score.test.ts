import { expect, test } from 'vitest'
import type { AssessmentFinding } from './assessment.ts'
import { quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { scoreAreas } from './score.ts'

function databaseScore(findings: Partial<AssessmentFinding>[]): number | null {
  const model = { ...richAssessment.findings[2]!, confidence: 'high' as const }
  const assessment = { ...quietAssessment, findings: findings.map(one => ({ ...model, ...one })) }
  return scoreAreas(assessment).find(one => one.area === 'database')!.score
}

test('an area without findings has 100', () => {
  expect(databaseScore([])).toBe(100)
})

test('a playbook takes the points of its worst finding once, however many places', () => {
  expect(databaseScore([{ severity: 'medium' }, { severity: 'high' }, { severity: 'high' }])).toBe(80)
})

test('confidence weighs the points', () => {
  expect(databaseScore([{ severity: 'critical', confidence: 'low' }])).toBe(84)
})

test('playbooks add up and the score ends at 0', () => {
  const critical = ['a', 'b', 'c'].map(id => ({ playbook: `database/${id}`, severity: 'critical' as const }))
  expect(databaseScore(critical.slice(0, 2))).toBe(20)
  expect(databaseScore(critical)).toBe(0)
})

test('suppressed findings do not count, those of the baseline do', () => {
  expect(databaseScore([{ status: 'suppressed' }])).toBe(100)
  expect(databaseScore([{ status: 'baseline' }])).toBe(80)
})

test('an area in which nothing ran has no score', () => {
  const scores = new Map(scoreAreas(richAssessment).map(one => [one.area, one.score]))
  expect([scores.get('frontend'), scores.get('observability'), scores.get('cost')]).toEqual([null, null, null])
})
