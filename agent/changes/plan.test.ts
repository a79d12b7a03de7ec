import { describe, expect, it } from 'vitest'
import { fix as fixForceDynamic } from '../../playbooks/caching/force-dynamic/fix.ts'
import type { Finding } from '../../playbooks/finding.ts'
import { judge } from '../../playbooks/judge.ts'
import type { Evidence } from '../../playbooks/playbook.ts'
import { loadPlaybooks } from '../../playbooks/registry.ts'
import { buildAppModel } from '../../tools/code/index.ts'
import { temporaryRepository } from '../../tools/code/temporary-repository.ts'
import { readSchema } from '../../tools/schema/index.ts'
import type { Change } from '../../tools/workspace/change.ts'
import { planChanges, sourceReader } from './plan.ts'

const NOW = Date.UTC(2026, 0, 1)

/** The outcomes of one playbook's fix for an app, declined ones as their reason. */
async function outcomes(playbook: string, files: Record<string, string>): Promise<(Change | string)[]> {
  const root = temporaryRepository(files)
  const code = await buildAppModel({ root })
  const schema = await readSchema({ root })
  const evidence: Evidence = {
    code: { status: 'ran', value: code, ms: 0 },
    schema: schema ? { status: 'ran', value: schema, ms: 0 } : { status: 'skipped', reason: 'none' },
    database: { status: 'skipped', reason: 'not asked for' },
  }
  const playbooks = (await loadPlaybooks()).filter(({ ref }) => ref === playbook)
  const findings = judge(playbooks, evidence).findings.map(finding => ({ ...finding, status: 'open' as const }))
  const planned = await planChanges({ root, findings, evidence, now: NOW })
  return planned.map(({ outcome }) => ('change' in outcome ? outcome.change : outcome.declined))
}

/** The only change, or what was said instead. */
async function change(playbook: string, files: Record<string, string>): Promise<Change> {
  const [only, ...others] = await outcomes(playbook, files)
  expect(others).toEqual([])
  if (only === undefined || typeof only === 'string') throw new Error(`declined: ${only ?? 'nothing was found'}`)
  return only
}

async function declined(playbook: string, files: Record<string, string>): Promise<string> {
  const [only] = await outcomes(playbook, files)
  if (typeof only !== 'string') throw new Error(only ? `changed: ${only.title}` : 'nothing was found')
  return only
}

function app(files: Record<string, string>, extra: Record<string, string> = {}): Record<string, string> {
  return {
    'package.json': JSON.stringify({
      name: 'web',
      dependencies: { next: '16.1.2', '@supabase/supabase-js': '^2.90.0', zod: '^4.0.0', ...extra },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
    'app/layout.tsx': 'export default function Layout({ children }) {\n  return children\n}\n',
    'lib/supabase.ts':
      "import { createClient } from '@supabase/supabase-js'\n\nexport const anon = () => createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_ANON_KEY!)\n",
    ...files,
  }
}

const TABLES = `create table public.posts (id uuid primary key, author_id uuid not null references auth.users (id), slug text not null, title text not null check (char_length(title) <= 80));
alter table public.posts enable row level security;
create policy "own" on public.posts for select using (auth.uid() = author_id);
create policy "write own" on public.posts for update using (auth.uid() = author_id) with check (author_id = auth.uid());
`

const MIGRATION = { 'supabase/migrations/20250101000000_init.sql': TABLES }

describe('database/missing-index', () => {
  it('adds the index in the folder and the naming of the repository', async () => {
    const { title, files, migrations } = await change('database/missing-index', {
      ...app({
        'app/[slug]/page.tsx':
          "import { anon } from '@/lib/supabase'\n\nexport default async function Page({ params }) {\n  const { slug } = await params\n  const { data } = await anon().from('posts').select('title').eq('slug', slug).limit(1)\n  return <p>{data?.[0]?.title}</p>\n}\n",
        'app/actions.ts':
          "'use server'\nimport { anon } from '@/lib/supabase'\n\nexport async function add(title: string) {\n  await anon().from('posts').insert({ title })\n}\n",
      }),
      ...MIGRATION,
    })
    expect(title).toBe('Index posts(slug)')
    const [migration] = migrations
    expect(migration?.up).toMatch(/^supabase\/migrations\/2026\d{10}_index_posts_slug\.sql$/)
    expect(migration?.transactional).toBe(false)
    expect(files[migration!.up]).toMatch(
      /create index concurrently if not exists posts_slug_idx on public\.posts \(slug\);/,
    )
    expect(files[migration!.down]).toMatch(/drop index concurrently if exists public\.posts_slug_idx;/)
  })
})

describe('database/rls-per-row-evaluation', () => {
  it('wraps the calls of all policies of a table in one change', async () => {
    const { findings, files, migrations } = await change('database/rls-per-row-evaluation', {
      ...app({ 'app/page.tsx': 'export default function Page() {\n  return null\n}\n' }),
      ...MIGRATION,
    })
    expect(findings).toHaveLength(2)
    const up = files[migrations[0]!.up]
    expect(up).toContain('using ((select auth.uid()) = author_id)')
    expect(up).toContain('with check (author_id = (select auth.uid()))')
  })
})

const FORCED = (body: string): Record<string, string> =>
  app({
    'app/posts/page.tsx': `import { anon } from '@/lib/supabase'\n\nexport const dynamic = 'force-dynamic'\n\nexport default async function Page() {\n  const { data } = await anon().from('posts').select('id, title').order('title').limit(20)\n${body}  return <ul>{data?.map(post => <li key={post.id}>{post.title}</li>)}</ul>\n}\n`,
  })

describe('caching/force-dynamic', () => {
  it('becomes a period, the only line that changes', async () => {
    const files = FORCED('')
    const { files: after } = await change('caching/force-dynamic', files)
    expect(after).toEqual({
      'app/posts/page.tsx': files['app/posts/page.tsx']!.replace("dynamic = 'force-dynamic'", 'revalidate = 60'),
    })
  })

  it('takes the shortest period that the app uses elsewhere', async () => {
    const about = 'export const revalidate = 600\n\nexport default function Page() {\n  return null\n}\n'
    const { files } = await change('caching/force-dynamic', { ...FORCED(''), 'app/about/page.tsx': about })
    expect(files['app/posts/page.tsx']).toContain('export const revalidate = 600\n')
  })

  it.each([
    ['the time is shown', '  const now = new Date()\n', /time of the visit/],
    ['something is drawn', '  const lucky = Math.random()\n', /another value/],
    ['a partner is asked', "  const rate = await fetch('https://rates.example.com/eur')\n", /rates\.example\.com/],
  ])('stays when %s', async (_case, body, reason) => {
    expect(await declined('caching/force-dynamic', FORCED(body))).toMatch(reason)
  })

  it('stays when an action changes the list and refreshes nothing', async () => {
    const action =
      "'use server'\nimport { anon } from '@/lib/supabase'\n\nexport async function addPost(title: string) {\n  await anon().from('posts').insert({ title })\n}\n"
    expect(
      await declined('caching/force-dynamic', { ...FORCED(''), 'app/actions.ts': action, ...USED('addPost') }),
    ).toMatch(/addPost\(\) changes what it shows/)
  })

  it('with cacheComponents the page is cached by directive', async () => {
    const root = temporaryRepository({
      ...FORCED(''),
      'next.config.ts': 'export default { cacheComponents: true }\n',
    })
    // The exports are build errors there, so that no detector reports them: an app on its way there has them still.
    const finding: Finding = {
      playbook: 'caching/force-dynamic',
      key: 'caching/force-dynamic:x',
      title: 'x',
      location: { file: 'app/posts/page.tsx', line: 3 },
      evidence: [],
      routes: ['/posts'],
      severity: 'high',
      confidence: 'high',
      security: false,
      usersGained: null,
    }
    const code = await buildAppModel({ root })
    const input = {
      code,
      schema: undefined,
      database: undefined,
      now: NOW,
      taken: [],
      files: [],
      source: sourceReader(root),
    }
    const outcome = fixForceDynamic(finding, input)
    const text = 'change' in outcome ? outcome.change.files['app/posts/page.tsx'] : outcome.declined
    expect(text).toMatch(
      /^import .*\nimport \{ cacheLife \} from 'next\/cache'\n\nexport default async function Page\(\) \{\n {2}'use cache'\n {2}cacheLife\('minutes'\)\n/,
    )
  })
})

const LIST = (page: string): Record<string, string> =>
  app({
    'lib/posts.ts':
      "import { anon } from '@/lib/supabase'\n\nexport async function listPosts() {\n  const { data } = await anon().from('posts').select('id, title').order('title')\n  return data ?? []\n}\n",
    'app/page.tsx': `import { listPosts } from '@/lib/posts'\n\nexport default async function Page() {\n  const posts = await listPosts()\n  return (\n    <main>${page}</main>\n  )\n}\n`,
  })

const SHOWN = '{posts.length === 0 ? <p>None</p> : posts.map(post => <p key={post.id}>{post.title}</p>)}'

describe('database/unbounded-query', () => {
  it('caps a list that is only shown', async () => {
    const files = LIST(SHOWN)
    const { files: after } = await change('database/unbounded-query', files)
    expect(after).toEqual({
      'lib/posts.ts': files['lib/posts.ts']!.replace(".order('title')", ".order('title').limit(200)"),
    })
  })

  it("uses the app's own number", async () => {
    const files = LIST(SHOWN)
    const own = files['lib/posts.ts']!.replace('export async', 'const MAX_ROWS = 100\n\nexport async')
    const { files: after } = await change('database/unbounded-query', { ...files, 'lib/posts.ts': own })
    expect(after['lib/posts.ts']).toContain(".order('title').limit(MAX_ROWS)")
  })

  it.each([
    ['counted', '{posts.length} posts', /their number is used at app\/page\.tsx:6/],
    ['searched', '{posts.find(post => post.id)?.title}', /find is applied to all of them/],
    ['chosen from', '{posts.map(post => <option key={post.id}>{post.title}</option>)}', /a choice is made from them/],
    ['looked up', '{posts.map(post => post.id)}', /only one column/],
    ['handed to what is not known', '<Table rows={posts} />', /what <Table> does with them is not known/],
  ])('leaves a list that is %s', async (_case, page, reason) => {
    expect(await declined('database/unbounded-query', LIST(page))).toMatch(reason)
  })

  it('leaves a list without an order', async () => {
    const files = LIST(SHOWN)
    const bare = files['lib/posts.ts']!.replace(".order('title')", '')
    expect(await declined('database/unbounded-query', { ...files, 'lib/posts.ts': bare })).toMatch(/no order/)
  })

  it('leaves what other programs may read', async () => {
    const handler =
      "import { anon } from '@/lib/supabase'\n\nexport async function GET() {\n  const { data } = await anon().from('posts').select('id, title').order('title')\n  return Response.json(data)\n}\n"
    expect(await declined('database/unbounded-query', app({ 'app/api/posts/route.ts': handler }))).toMatch(
      /other programs may read/,
    )
  })
})

/** Actions count when a page uses them. */
const USED = (...names: string[]): Record<string, string> => ({
  'app/controls.tsx': `'use client'\nimport { ${names.join(', ')} } from './actions'\n\nexport function Controls() {\n  return <p>${names.map(name => `<button onClick={() => ${name}({} as never)} />`).join('')}</p>\n}\n`,
  'app/new/page.tsx':
    "import { Controls } from '../controls'\n\nexport default function Page() {\n  return <Controls />\n}\n",
})

const REFUSES = `'use server'
import { z } from 'zod'
import { anon } from '@/lib/supabase'

const renameSchema = z.object({ id: z.string(), title: z.string() })

export async function rename(input: unknown) {
  const parsed = renameSchema.safeParse(input)
  if (!parsed.success) return { ok: false, error: 'Invalid input' }
  await anon().from('posts').update({ title: parsed.data.title }).eq('id', parsed.data.id)
  return { ok: true }
}
`

const ACCEPTS = `
interface NewPost {
  slug: string
  title: string
  state?: 'draft' | 'public'
}

export async function addPost(post: NewPost) {
  const { error } = await anon().from('posts').insert(post)
  if (error) return { ok: false, error: 'Not saved' }
  return { ok: true }
}
`

describe('api/missing-input-validation', () => {
  it('parses by the stated type, refuses as the neighbour does, keeps to what the database takes', async () => {
    const { files } = await change('api/missing-input-validation', {
      ...app({ 'app/actions.ts': REFUSES + ACCEPTS, ...USED('addPost', 'rename') }),
      ...MIGRATION,
    })
    const text = files['app/actions.ts']!
    expect(text).toContain(
      "const newPostSchema = z.object({\n  slug: z.string(),\n  title: z.string().max(80),\n  state: z.enum(['draft', 'public']).optional(),\n})\n\nexport async function addPost",
    )
    expect(text).toContain(
      "  const parsed = newPostSchema.safeParse(post)\n  if (!parsed.success) return { ok: false, error: 'Invalid input' }\n  const { error } = await anon().from('posts').insert(parsed.data)\n",
    )
  })

  it('leaves everything else of the file alone', async () => {
    const before = REFUSES + ACCEPTS
    const { files } = await change(
      'api/missing-input-validation',
      app({ 'app/actions.ts': before, ...USED('addPost', 'rename') }),
    )
    const kept = files['app/actions.ts']!.split('\n')
    const missing = before.split('\n').filter(line => !kept.includes(line))
    expect(missing).toEqual(["  const { error } = await anon().from('posts').insert(post)"])
  })

  it.each([
    ['nobody refuses input', ACCEPTS.trimStart(), /no action of this app refuses input/],
    [
      'the message is about another form',
      `${REFUSES.replace('Invalid input', 'Wrong password')}${ACCEPTS}`,
      /no action of this app refuses/,
    ],
    [
      'the type says nothing',
      `${REFUSES}${ACCEPTS.replace("state?: 'draft' | 'public'", 'state: any')}`,
      /`state`: `any` says nothing/,
    ],
  ])('leaves it when %s', async (_case, text, reason) => {
    const whole = text.startsWith("'use server'")
      ? text
      : `'use server'\nimport { anon } from '@/lib/supabase'\n\n${text}`
    expect(
      await declined('api/missing-input-validation', app({ 'app/actions.ts': whole, ...USED('addPost') })),
    ).toMatch(reason)
  })

  it('leaves an app that has no zod', async () => {
    const text = `'use server'\nimport { anon } from '@/lib/supabase'\n${ACCEPTS}`
    const files = app({ 'app/actions.ts': text, ...USED('addPost') })
    const manifest = files['package.json']!.replace(',"zod":"^4.0.0"', '')
    expect(await declined('api/missing-input-validation', { ...files, 'package.json': manifest })).toMatch(/no zod/)
  })
})
