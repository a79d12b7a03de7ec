import { afterEach, describe, expect, it } from 'vitest'
import type { Assessment } from '../reports/assessment.ts'
import { agent, type Sandbox, sandbox } from './testing/cli.ts'

let app: Sandbox
afterEach(() => app.remove())

/** Posts of an author, without an index on the author. */
function blog(): Sandbox {
  const box = sandbox()
  box.write(
    'package.json',
    '{"name":"blog","dependencies":{"next":"15.5.0","react":"19.0.0","@supabase/supabase-js":"2.90.1"}}',
  )
  box.write('app/layout.tsx', 'export default function Layout({ children }: any) { return children }\n')
  box.write(
    'app/[author]/page.tsx',
    `import { createClient } from '@supabase/supabase-js'
const db = createClient(process.env.URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
export default async function Page({ params }: { params: Promise<{ author: string }> }) {
  const { author } = await params
  const { data } = await db.from('posts').select('id, title').eq('author_id', author).limit(20)
  return <pre>{JSON.stringify(data)}</pre>
}
export async function add(form: FormData) {
  'use server'
  await db.from('posts').insert({ title: String(form.get('title')) })
}
`,
  )
  box.write(
    'supabase/migrations/20240101000000_posts.sql',
    `create table public.posts (id uuid primary key, author_id uuid references auth.users (id), title text not null);\n`,
  )
  return box
}

async function assessed(...args: string[]): Promise<Assessment> {
  const { code, stdout, stderr } = await agent(['assess', app.root, '--json', '--no-cache', ...args])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Assessment
}

const missing = ({ findings }: Assessment) => findings.filter(({ playbook }) => playbook === 'database/missing-index')

describe('agent assess --plans', () => {
  it('puts what the planner gains into the finding', async () => {
    app = blog()
    const assessment = await assessed('--plans')
    const [finding] = missing(assessment)
    expect(finding?.evidence.map(({ text }) => text).join('\n')).toMatch(
      /with this index: with 1,000,000 rows \(assumed\) PostgreSQL plans cost [\d,.]+ → [\d,.]+/,
    )
    expect(assessment.plans?.accesses.find(({ verdict }) => verdict !== null)?.sql).toContain('"public"."posts"')
  })

  it('proposes no index that no plan uses, and says so', async () => {
    app = blog()
    app.write('scalability.config.json', '{ "rows": { "posts": 50 } }')
    const assessment = await assessed('--plans')
    expect(missing(assessment)).toEqual([])
    expect(assessment.plans?.proposals).toMatchObject([
      { proposal: 'index public.posts(author_id)', verdict: 'does-not-pay' },
    ])
  })

  it('runs the queries on seeded rows where there is time for it', async () => {
    app = blog()
    app.write('scalability.config.json', '{ "rows": { "posts": 20000, "auth.users": 1000 } }')
    const assessment = await assessed('--run-queries', '60')
    expect(missing(assessment)[0]?.evidence.at(-1)?.text).toMatch(/; it ran in [\d.]+ ms → [\d.]+ ms on 20,000 rows/)
  })

  it('is not done without being asked, which the report says', async () => {
    app = blog()
    const assessment = await assessed()
    expect(assessment.plans).toBeUndefined()
    expect(missing(assessment)).toHaveLength(1)
    expect(assessment.notInvestigated).toContainEqual({
      what: 'query plans at production size',
      why: 'only with --plans',
    })
  })
})
