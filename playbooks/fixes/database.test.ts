import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAppModel } from '../../tools/code/index.ts'
import { readSchema } from '../../tools/schema/index.ts'
import type { FixOutcome } from '../../tools/workspace/change.ts'
import type { Finding } from '../finding.ts'
import { judge } from '../judge.ts'
import type { Evidence, FixInput } from '../playbook.ts'
import { loadFix, loadPlaybooks } from '../registry.ts'

/** From the finding to the files of its change, for fixes that are migrations alone. */

const SQL = `create extension if not exists pg_trgm with schema extensions;
create table public.posts (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  published boolean not null default false
);
create index posts_user_id_idx on public.posts (user_id);
create index posts_owner_idx on public.posts (user_id);
alter table public.posts enable row level security;
create policy "Own posts" on public.posts to authenticated using (user_id = auth.uid());
create policy "Published posts" on public.posts for select to authenticated using (published);
create table public.notes (id bigint generated always as identity primary key, user_id uuid not null);
alter table public.notes enable row level security;
create policy "Own notes" on public.notes for select to authenticated using (user_id = (select auth.uid()));
create function public.count_posts() returns bigint language sql stable security definer as $$ select count(*) from posts $$;
`

const PAGE = `import { createClient } from '@supabase/supabase-js'
export default async function Page({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q } = await searchParams
  const supabase = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
  const { data } = await supabase.from('posts').select('id').ilike('title', \`%\${q}%\`).limit(20)
  return <p>{data?.length}</p>
}
`

let input: FixInput
let findings: Finding[]
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fixes-test-'))
  const files: Record<string, string> = {
    'package.json': '{ "name": "a", "dependencies": { "next": "16.1.2", "@supabase/supabase-js": "2.90.1" } }',
    'app/layout.tsx':
      'export default function Layout({ children }: { children: React.ReactNode }) { return <html><body>{children}</body></html> }\n',
    'app/page.tsx': PAGE,
    'supabase/migrations/20250101000000_init.sql': SQL,
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const [code, schema] = await Promise.all([buildAppModel({ root }), readSchema({ root })])
  if (!schema) throw new Error('no schema')
  const evidence: Evidence = {
    code: { status: 'ran', value: code, ms: 0 },
    schema: { status: 'ran', value: schema, ms: 0 },
    database: { status: 'skipped', reason: 'none' },
  }
  findings = judge(await loadPlaybooks(), evidence).findings
  input = { code, schema, database: undefined, source: path => files[path], now: Date.UTC(2026, 0, 1), taken: [] }
})

afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

async function outcomeOf(ref: string): Promise<FixOutcome> {
  const finding = findings.find(({ playbook }) => playbook === ref)
  const fix = await loadFix(ref)
  if (!finding || !fix) throw new Error(finding ? `${ref} has no fix` : `${ref} was not found`)
  return fix(finding, input)
}

async function migrationOf(ref: string): Promise<string> {
  const outcome = await outcomeOf(ref)
  if ('declined' in outcome) throw new Error(outcome.declined)
  const { files, migrations } = outcome.change
  return files[migrations[0]?.up ?? ''] ?? ''
}

describe('a change for', () => {
  it('a duplicate index drops the copy', async () => {
    expect(await migrationOf('database/duplicate-index')).toContain('drop index if exists public.posts_owner_idx;')
  })

  it('a function without search_path sets it', async () => {
    expect(await migrationOf('database/security-definer-without-search-path')).toContain(
      'alter function public.count_posts() set search_path = public, extensions, pg_temp;',
    )
  })

  it('several policies joins them, and wraps on the way', async () => {
    const text = await migrationOf('database/multiple-permissive-policies')
    expect(text).toContain('using ((user_id = (select auth.uid()))\n    or (published))')
    expect(text).toContain(
      'create policy "Own posts (insert)" on public.posts\n  for insert to authenticated\n  with check (user_id = (select auth.uid()))',
    )
  })

  it('a policy without an index gets one', async () => {
    expect(await migrationOf('database/rls-unindexed-predicate')).toContain(
      'create index concurrently if not exists notes_user_id_idx on public.notes (user_id);',
    )
  })

  it('a search by pattern indexes its trigrams', async () => {
    expect(await migrationOf('database/search-without-index')).toContain(
      'create index concurrently if not exists posts_title_idx on public.posts using gin (title extensions.gin_trgm_ops);',
    )
  })

  it('a search without the extension is left to a person', async () => {
    const fix = await loadFix('database/search-without-index')
    const finding = findings.find(({ playbook }) => playbook === 'database/search-without-index')
    if (!fix || !finding || !input.schema) throw new Error('nothing to fix')
    const outcome = fix(finding, { ...input, schema: { ...input.schema, extensions: [] } })
    expect(outcome).toMatchObject({ declined: expect.stringContaining('pg_trgm') })
  })
})
