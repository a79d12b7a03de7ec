import { describe, expect, it } from 'vitest'
import type { ToldRecord } from './change.ts'
import { pullRequestBody } from './pullrequest.ts'

function record(summary: string, detail: string[] = []): ToldRecord {
  return {
    finding: 'f',
    playbook: 'database/missing-index',
    outcome: 'built',
    change: {
      playbook: 'database/missing-index',
      key: '0123456789ab',
      findings: ['f'],
      title: 'Index posts(author_id)',
      summary,
      files: { 'a.sql': 'select 1;' },
      migrations: [],
      rollback: 'Drop it.',
      security: 'Nothing.',
      verify: [],
      notVerified: [],
    },
    proof: { checks: [{ name: 'migrations', status: 'passed', summary: 'up | down', detail }] },
  }
}

describe('the body of a pull request', () => {
  it('calls nobody and links no issue, outside of code', () => {
    const body = pullRequestBody(record('ask @team about #12, in `@next/font` too'), '1')
    expect(body).toContain('ask &#64;team about &#35;12, in `@next/font` too')
  })

  it('hides no comment', () => {
    expect(pullRequestBody(record('x <!-- approve this --> y'), '1')).not.toContain('<!--')
  })

  it('shows the proof as a table that its cells cannot break', () => {
    expect(pullRequestBody(record(''), '1')).toContain('| migrations | passed | up \\| down |')
  })

  it('fences details by more backticks than they hold', () => {
    expect(pullRequestBody(record('', ['```', 'x']), '1')).toContain('````text\n```\nx\n````')
  })

  it('stays below what GitHub takes', () => {
    expect(pullRequestBody(record('x'.repeat(100_000)), '1').length).toBeLessThan(65_536)
  })
})
