import { describe, expect, it } from 'vitest'
import { applySuppressions, type SuppressionInput } from './apply.ts'

const PLAYBOOKS = ['api/missing-timeout', 'database/exact-count', 'database/unbounded-query']

const finding = {
  playbook: 'database/unbounded-query',
  key: 'database/unbounded-query:posts:1',
  location: { file: 'src/posts.ts', line: 10, endLine: 12 },
}

function input(change: Partial<SuppressionInput>): SuppressionInput {
  return {
    comments: [],
    config: [],
    configFile: 'scalability.config.json',
    playbooks: PLAYBOOKS,
    ran: new Set(PLAYBOOKS),
    ...change,
  }
}

function comment(change: object, file = 'src/posts.ts') {
  const usual = {
    line: 9,
    playbooks: ['database/unbounded-query'],
    reason: 'twelve rows',
    covers: [{ first: 9, last: 10 }],
  }
  return [{ file, comments: [{ ...usual, ...change }] }]
}

describe('applySuppressions', () => {
  it('takes a comment above, with its reason', () => {
    const { byKey, problems } = applySuppressions([finding], input({ comments: comment({}) }))
    expect(byKey.get(finding.key)).toEqual({ reason: 'twelve rows', by: 'comment at src/posts.ts:9' })
    expect(problems).toEqual([])
  })

  it('takes a comment inside a finding of several lines', () => {
    const inside = comment({ line: 11, covers: [{ first: 11, last: 11 }] })
    expect(applySuppressions([finding], input({ comments: inside })).byKey.size).toBe(1)
  })

  it('takes the short name', () => {
    expect(
      applySuppressions([finding], input({ comments: comment({ playbooks: ['unbounded-query'] }) })).byKey.size,
    ).toBe(1)
  })

  it.each([
    ['without a reason', comment({ reason: '' }), /the reason is missing, so it has no effect/],
    ['without a playbook', comment({ playbooks: [] }), /no playbook is named/],
    [
      'of a misspelt playbook',
      comment({ playbooks: ['database/unbounded-quiry'] }),
      /did you mean database\/unbounded-query\?/,
    ],
    ['in another file', comment({}, 'src/other.ts'), /unused suppression of database\/unbounded-query/],
    [
      'of another problem',
      comment({ playbooks: ['database/exact-count'] }),
      /unused suppression of database\/exact-count/,
    ],
  ])('leaves the finding open and reports a suppression %s', (_what, comments, message) => {
    const { byKey, problems } = applySuppressions([finding], input({ comments }))
    expect(byKey.size).toBe(0)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(message)
    expect(problems[0]?.line).toBe(9)
  })

  it('does not call a suppression unused when its playbook did not run', () => {
    const narrowed = input({ comments: comment({ playbooks: ['exact-count'] }), ran: new Set(['api/missing-timeout']) })
    expect(applySuppressions([finding], narrowed).problems).toEqual([])
  })

  it.each([
    [{ playbook: 'database/unbounded-query', reason: 'r' }, 1],
    [{ playbook: 'database/*', reason: 'r' }, 1],
    [{ playbook: '*', files: 'src/**', reason: 'r' }, 1],
    [{ playbook: '*', files: ['lib/**', 'src/*.ts'], reason: 'r' }, 1],
    [{ playbook: '*', files: 'lib/**', reason: 'r' }, 0],
    [{ playbook: '*', key: finding.key, reason: 'r' }, 1],
    [{ playbook: '*', key: 'another', reason: 'r' }, 0],
    [{ playbook: 'api/*', reason: 'r' }, 0],
  ])('applies %j of the configuration to %i findings', (entry, suppressed) => {
    const { byKey, problems } = applySuppressions([finding], input({ config: [entry] }))
    expect(byKey.size).toBe(suppressed)
    expect(problems).toHaveLength(1 - suppressed)
  })
})
