import { expect, test } from 'vitest'
import { assessmentSchema } from './assessment.ts'
import { richAssessment } from './fixtures/assessment.ts'
import { renderJson } from './json.ts'

/** The same value with the keys of every object in the opposite order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T
}

test('reads back as the same assessment', () => {
  expect(JSON.parse(renderJson(richAssessment))).toEqual(richAssessment)
  expect(assessmentSchema.safeParse(JSON.parse(renderJson(richAssessment))).success).toBe(true)
})

test('the order in which keys were set does not show', () => {
  expect(renderJson(reversed(richAssessment))).toBe(renderJson(richAssessment))
})

test('keys come in the order of the published schema', () => {
  const keys = Object.keys(JSON.parse(renderJson(reversed(richAssessment))))
  expect(keys).toEqual(Object.keys(assessmentSchema.shape).filter(key => key in richAssessment))
})

test('keys that the schema does not name are kept, sorted', () => {
  const capacity = JSON.parse('{"b":{"__proto__":1,"a":2},"a":1}')
  expect(renderJson({ ...richAssessment, capacity })).toContain(
    '"capacity": {\n    "a": 1,\n    "b": {\n      "__proto__": 1,\n      "a": 2\n    }\n  }',
  )
})
