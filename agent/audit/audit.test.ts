import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { agent, type Sandbox, sandbox } from '../testing/cli.ts'

let app: Sandbox

beforeAll(() => {
  app = sandbox('shop')
})

afterAll(() => app.remove())

interface Told {
  previous: unknown
  added: { playbook: string; file: string }[]
  fixed: { file: string }[]
  notJudged: unknown[]
  still: number
  trend: unknown[]
}

async function audit(...args: string[]): Promise<{ code: number | null; told: Told; stderr: string }> {
  // Records are named by the second.
  await new Promise(resolve => setTimeout(resolve, 1100))
  const { code, stdout, stderr } = await agent(['audit', app.root, '--json', '--no-shadow', ...args])
  return { code, stderr, told: stdout ? (JSON.parse(stdout) as Told) : ({} as Told) }
}

const PAGE = `import { createPublicClient } from '@/lib/supabase'

export default async function AllPage() {
  const supabase = createPublicClient()
  const { data: orders, error } = await supabase.from('orders').select('id, total_cents').order('placed_at')
  if (error) throw new Error('Could not load orders')
  return <p>{orders.length} orders</p>
}
`

describe('agent audit', () => {
  it('the first one has nothing to compare with: nothing is new', async () => {
    const { code, told } = await audit('--fail-on-new', 'info')
    expect([code, told.previous, told.added]).toEqual([0, null, []])
  })

  it('the same code again is as before', async () => {
    const { told } = await audit()
    expect([told.added, told.fixed, told.trend.length]).toEqual([[], [], 2])
  })

  it('says what is new, and fails on it when that was asked for', async () => {
    app.write('app/all/page.tsx', PAGE)
    const { code, told, stderr } = await audit('--fail-on-new', 'low')
    expect(told.added.map(({ file }) => file)).toContain('app/all/page.tsx')
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^agent: \d+ new findings? at or above low\n$/)])
  })

  it('says what is fixed', async () => {
    app.write('app/all/page.tsx', PAGE.replace(".order('placed_at')", ".order('placed_at').limit(20)"))
    const { told } = await audit()
    expect(told.fixed.map(({ file }) => file)).toContain('app/all/page.tsx')
  })

  it('writes a report for people that shows the trend', () => {
    expect(app.read('scalability-report/audit.md')).toMatch(/## Trend/)
    expect(app.read('scalability-report/audit.html')).toMatch(/<svg[\s\S]*<rect/)
  })

  it('does not call everything new when its history is broken', async () => {
    app.write('.scalability/audits/20990101T000000Z.json', '{"formatVersion": 1')
    const { code, stderr } = await audit()
    expect([code, stderr]).toEqual([2, expect.stringMatching(/20990101T000000Z\.json: is no audit of this program/)])
  })
})

describe('the example workflow', () => {
  const text = readFileSync(new URL('../../examples/weekly-audit.yml', import.meta.url), 'utf8')
  const workflow = parse(text) as {
    permissions: unknown
    jobs: Record<string, { permissions: Record<string, string> }>
  }

  it('gives the job that reads no right to write', () => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.jobs.audit?.permissions).toEqual({ contents: 'read' })
  })

  it('pastes no value into a script', () => {
    const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as {
      runs: { steps: { run?: string }[] }
    }
    expect(action.runs.steps.map(({ run = '' }) => run).join('\n')).not.toContain('${{')
  })
})
