import { describe, expect, test } from 'vitest'
import type { AppModel } from '../tools/code/model.ts'
import type { SchemaModel } from '../tools/schema/model.ts'
import type { DetectedFinding } from './finding.ts'
import { judge } from './judge.ts'
import type { Detect, Evidence, Playbook } from './playbook.ts'

function found(change: Partial<DetectedFinding> = {}): DetectedFinding {
  return {
    title: '`posts` is read without a limit',
    location: { file: 'app/page.tsx', line: 10 },
    evidence: [],
    object: 'posts.select@Page',
    confidence: 'high',
    ...change,
  }
}

function playbook(findings: DetectedFinding[], change: Partial<Playbook> = {}): Playbook {
  return {
    id: 'unbounded-query',
    area: 'database',
    ref: 'database/unbounded-query',
    title: 'Unbounded query',
    severity: 'high',
    needs: ['code'],
    fix: 'draft',
    sources: ['test'],
    body: '',
    detect: () => findings,
    ...change,
  }
}

function evidence(apps: { root: string; next: string | null }[] = [{ root: '.', next: '15.5.0' }]): Evidence {
  return {
    code: { status: 'ran', value: { apps } as unknown as AppModel, ms: 1 },
    schema: { status: 'skipped', reason: 'no migrations' },
    database: { status: 'skipped', reason: 'no --db' },
  }
}

const keysOf = (findings: DetectedFinding[]) => judge([playbook(findings)], evidence()).findings.map(one => one.key)

describe('which playbooks run', () => {
  test('a playbook without its evidence is skipped and says why', () => {
    const { statuses } = judge([playbook([found()], { needs: ['code', 'schema'] })], evidence())
    expect(statuses[0]).toMatchObject({ status: 'skipped', reason: 'needs the database schema: no migrations' })
  })

  test('a failed instrument skips the playbooks that need it', () => {
    const failed: Evidence = { ...evidence(), code: { status: 'failed', error: 'out of memory' } }
    expect(judge([playbook([found()])], failed).statuses[0]?.reason).toBe('needs the source code: out of memory')
  })

  test('the schema is handed over when it was read', () => {
    const schema = { source: 'migrations' } as unknown as SchemaModel
    const withSchema: Evidence = { ...evidence(), schema: { status: 'ran', value: schema, ms: 1 } }
    const seen: unknown[] = []
    const detect: Detect = input => {
      seen.push(input.schema)
      return []
    }
    judge([playbook([], { detect })], withSchema)
    expect(seen).toEqual([schema])
  })

  test.each([
    ['15.5.0', 'ran'],
    ['14.2.35', 'skipped'],
    ['^15.1.0', 'ran'],
    ['15.0.0-canary.3', 'ran'],
    ['latest', 'ran'],
    [null, 'ran'],
  ])('next %s against >=15: %s', (next, status) => {
    const gated = playbook([found()], { appliesTo: { next: '>=15.0.0-0' } })
    expect(judge([gated], evidence([{ root: '.', next }])).statuses[0]?.status).toBe(status)
  })

  test('in a monorepo, findings of an app outside the range are dropped and shared packages kept', () => {
    const files = ['apps/old/app/page.tsx', 'apps/new/app/page.tsx', 'packages/db/posts.ts']
    const gated = playbook(
      files.map(file => found({ location: { file, line: 1 } })),
      { appliesTo: { next: '>=15' } },
    )
    const apps = [
      { root: 'apps/old', next: '14.2.0' },
      { root: 'apps/new', next: '16.0.0' },
    ]
    const kept = judge([gated], evidence(apps)).findings.map(one => one.location.file)
    expect(kept).toEqual(['apps/new/app/page.tsx', 'packages/db/posts.ts'])
  })

  test('a detector that throws fails only itself', () => {
    const broken = playbook([], {
      ref: 'database/broken',
      detect: () => {
        throw new Error('boom')
      },
    })
    const { findings, statuses } = judge([broken, playbook([found()])], evidence())
    expect(statuses.map(one => [one.status, one.reason])).toEqual([
      ['failed', 'boom'],
      ['ran', undefined],
    ])
    expect(findings).toHaveLength(1)
  })
})

describe('keys', () => {
  test('start with the playbook and the object', () => {
    expect(keysOf([found()])[0]).toMatch(/^database\/unbounded-query:posts-select-Page:[0-9a-f]{8}$/)
  })

  test('do not change with the line, the title or white space', () => {
    const before = keysOf([found({ content: "supabase\n  .from('posts')" })])
    const moved = found({
      location: { file: 'app/page.tsx', line: 99 },
      title: 'other',
      content: "supabase .from('posts')",
    })
    expect(keysOf([moved])).toEqual(before)
  })

  test('change with the file', () => {
    expect(keysOf([found({ location: { file: 'app/b.tsx', line: 10 } })])).not.toEqual(keysOf([found()]))
  })

  test('number equals in the order of the file', () => {
    const second = found({ location: { file: 'app/page.tsx', line: 20 } })
    const keys = keysOf([second, found()])
    expect(keys[1]).toBe(`${keys[0]}-2`)
  })

  test('of two equals with different content survive a third one above them', () => {
    const below = found({ location: { file: 'app/page.tsx', line: 20 }, content: 'b' })
    const above = found({ location: { file: 'app/page.tsx', line: 5 }, content: 'a' })
    expect(keysOf([above, below])).toContain(keysOf([below])[0])
  })
})

describe('findings', () => {
  test('take severity and security from the playbook unless they have their own', () => {
    const own = found({ object: 'own', severity: 'low', security: false })
    const { findings } = judge([playbook([found(), own], { security: true })], evidence())
    expect(findings.map(one => [one.severity, one.security])).toEqual([
      ['high', true],
      ['low', false],
    ])
  })

  test('that are the same become one, with the routes of both', () => {
    const { findings } = judge([playbook([found({ routes: ['/b'] }), found({ routes: ['/a', '/b'] })])], evidence())
    expect(findings.map(one => one.routes)).toEqual([['/a', '/b']])
  })

  test('come worst first and in the same order whatever the order of detection', () => {
    const list = [
      found({ object: 'c', severity: 'low' }),
      found({ object: 'a', confidence: 'low' }),
      found({ object: 'b', location: { file: 'app/a.tsx', line: 3 } }),
    ]
    const titles = (findings: DetectedFinding[]) =>
      judge([playbook(findings)], evidence()).findings.map(one => one.key.split(':')[1])
    expect(titles(list)).toEqual(['b', 'a', 'c'])
    expect(titles([...list].reverse())).toEqual(['b', 'a', 'c'])
  })
})
