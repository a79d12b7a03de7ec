import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { Log } from 'sarif'
import { describe, expect, test } from 'vitest'
import { bareAssessment, largeAssessment, quietAssessment, richAssessment } from './fixtures/assessment.ts'
import { renderSarif } from './sarif.ts'

// The schema is of draft 4, which Ajv reads no more; it uses nothing that draft 7 changed but the name of `id`.
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(new URL('./fixtures/sarif-2.1.0.schema.json', import.meta.url), 'utf8'))
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const validate = ajv.compile(schema)

function run(assessment = richAssessment) {
  return (JSON.parse(renderSarif(assessment)) as Log).runs[0]!
}

const large = largeAssessment({ routes: 50, tables: 10, findings: 300 })

test.each(Object.entries({ richAssessment, quietAssessment, bareAssessment, large }))(
  '%s is valid SARIF 2.1.0',
  (name, one) => {
    validate(JSON.parse(renderSarif(one)))
    expect({ name, errors: validate.errors }).toEqual({ name, errors: null })
  },
)

describe('rules', () => {
  const rules = run().tool.driver.rules!

  test('one per playbook, with its help as Markdown and as text', () => {
    expect(rules.map(rule => rule.id)).toEqual(richAssessment.playbooks!.map(playbook => playbook.ref))
    const rule = rules.find(one => one.id === 'database/unbounded-query')!
    expect(rule.help!.markdown).toContain('## Why it breaks at 10,000 users')
    expect(rule.help!.text).not.toMatch(/##|\*\*|```/)
    expect(rule.fullDescription!.text).toMatch(/^Query without a bound: every request pays for it/)
  })

  test('only rules with a finding of security have a security severity', () => {
    const severity = Object.fromEntries(rules.map(rule => [rule.id, rule.properties!['security-severity']]))
    expect(severity).toMatchObject({ 'api/missing-auth-check': '9.5', 'auth/session-not-verified': '8.0' })
    expect(severity['database/unbounded-query']).toBeUndefined()
  })

  test('every result points at its rule', () => {
    for (const result of run().results!) expect(rules[result.ruleIndex!]!.id).toBe(result.ruleId)
  })
})

describe('results', () => {
  const results = run().results!

  test('levels follow the severity', () => {
    const levels = new Set(results.map(result => `${result.properties!.severity} ${result.level}`))
    expect([...levels].sort()).toEqual(['critical error', 'high error', 'low note', 'medium warning'])
  })

  test('the fingerprint is the key of the finding, which no line number is part of', () => {
    expect(results.map(result => result.partialFingerprints!['scalabilityFindingKey/v1'])).toEqual(
      richAssessment.findings.map(finding => finding.key),
    )
  })

  test('suppressions say where they stand and why', () => {
    const suppressed = results.flatMap(result => result.suppressions!)
    expect(suppressed.map(one => one.kind)).toEqual(['inSource', 'external'])
    expect(suppressed[0]!.justification).toMatch(/^admin only, behind VPN \(comment at /)
  })

  test('with a baseline every result says whether it is new', () => {
    const states = results.map(result => result.baselineState)
    expect(states.filter(state => state === 'unchanged')).toHaveLength(1)
    expect(states.filter(state => state === 'new')).toHaveLength(results.length - 1)
    expect(run(quietAssessment).results!.every(result => result.baselineState === undefined)).toBe(true)
  })

  test('paths are URIs', () => {
    const uris = results.map(result => result.locations![0]!.physicalLocation!.artifactLocation!.uri)
    expect(uris).toContain('frontend/src/app/engines/%5Bslug%5D/page.tsx')
  })

  test('text of the repository makes no link and no placeholder', () => {
    for (const { message } of results) expect(message.text).not.toMatch(/\]\(|\{\d+\}/)
  })
})

test('problems, failed playbooks and what was not investigated are notifications', () => {
  const [invocation] = run().invocations!
  const execution = invocation!.toolExecutionNotifications!
  expect(execution.map(one => one.level)).toEqual(['error', 'warning', 'warning', 'warning'])
  expect(execution[1]!.locations![0]!.physicalLocation!.region!.startLine).toBe(12)
  const configuration = invocation!.toolConfigurationNotifications!.map(one => one.message.text)
  expect(configuration).toContain('Not investigated: live database: no --db')
})
