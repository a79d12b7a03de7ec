import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { bareAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { renderJson } from './json.ts'
import { assessmentJsonSchema } from './schema.ts'

const published = fileURLToPath(new URL('../schemas/assessment.schema.json', import.meta.url))

/** Out of step? `npx vitest run reports/schema.test.ts --update` writes the file anew. */
test('schemas/assessment.schema.json is in step with the contract', async () => {
  await expect(assessmentJsonSchema()).toMatchFileSnapshot(published)
})

describe('the published schema', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(assessmentJsonSchema()))

  test.each(Object.entries({ richAssessment, quietAssessment, bareAssessment }))('accepts %s', (_, assessment) => {
    validate(JSON.parse(renderJson(assessment)))
    expect(validate.errors).toBeNull()
  })

  test('accepts fields of a later version', () => {
    expect(validate({ ...richAssessment, later: { field: 1 } })).toBe(true)
  })

  test('refuses an unknown severity', () => {
    const findings = [{ ...richAssessment.findings[0], severity: 'catastrophic' }]
    expect(validate({ ...richAssessment, findings })).toBe(false)
  })
})
