import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAppModel } from '../code/index.ts'
import { openShadow, type Shadow } from '../schema/shadow/index.ts'
import { planAccesses } from './index.ts'
import type { PlanModel, TargetRows } from './model.ts'
import { fill } from './seed/fill.ts'
import { openCopy, undone } from './session.ts'
import { canGrow, growToSize } from './sparse.ts'

const bait = join(tmpdir(), `plans-bait-${process.pid}`)

const MIGRATION = `
create type mood as enum ('calm', 'loud');
create table public.profiles (id uuid primary key references auth.users (id), handle text not null unique);
create table public.topics (
  id bigint generated always as identity primary key,
  owner_id uuid not null references public.profiles (id),
  slug text not null unique check (slug ~ '^[a-z0-9-]+$'),
  title varchar(40) not null,
  mood mood not null default 'calm',
  level text not null check (level in ('low', 'high')),
  stars int not null check (stars >= 1 and stars <= 5),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  left_id uuid, right_id uuid,
  tags text[] not null default '{}',
  created_at timestamptz not null default now(),
  check (ends_at > starts_at),
  check ((left_id is null) <> (right_id is null))
);
create table public.votes (
  profile_id uuid not null references public.profiles (id),
  topic_id bigint not null references public.topics (id),
  primary key (profile_id, topic_id)
);
create table public.kinds (id int primary key, name text);
insert into public.kinds values (1, 'a'), (2, 'b');
create table public.notes (id uuid primary key, kind_id int references public.kinds (id), body text, secret point not null);
create function public.evil() returns boolean language plpgsql volatile as $$
begin
  reset role;
  copy (select 1) to program 'touch ${bait}';
  return true;
exception when others then return true; end $$;
create table public.traps (id uuid primary key, created_at timestamptz, check (evil()));
alter table public.topics enable row level security;
create policy own on public.topics for select to authenticated using (auth.uid() = owner_id);
create policy shown on public.topics for select using (mood = 'calm');
alter table public.profiles enable row level security;
create policy everyone on public.profiles for select using (true);
`

const PAGE = `
import { createClient } from '@supabase/supabase-js'
const db = createClient('https://x.supabase.co', process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!)
export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  await db.from('topics').select('id, title, author:profiles(handle)').eq('slug', slug).single()
  await db.from('topics').select('*', { count: 'exact' }).eq('owner_id', slug).order('created_at', { ascending: false }).limit(20)
  await db.from('kinds').select('*')
  await db.from('topics').select('nothing')
  return null
}
`

const FILES = {
  'package.json': '{"dependencies":{"next":"15.5.0","react":"19.0.0","@supabase/supabase-js":"2.90.1"}}',
  'app/layout.tsx': 'export default function Layout({ children }: any) { return children }',
  'app/[slug]/page.tsx': PAGE,
  'supabase/migrations/20240101000000_init.sql': MIGRATION,
}

let root: string
let shadow: Shadow

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plans-test-'))
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const opened = await openShadow({ root, files: Object.keys(FILES) })
  if ('skipped' in opened) throw new Error(opened.skipped)
  expect(opened.replay.failures).toEqual([])
  shadow = opened
})

afterAll(async () => {
  await shadow?.stop()
  await rm(root, { recursive: true, force: true })
  await rm(bait, { force: true })
})

const SIZES: Record<string, number> = {
  'auth.users': 500,
  'public.profiles': 500,
  'public.topics': 20_000,
  'public.votes': 3000,
  'public.kinds': 2,
  'public.notes': 1000,
  'public.traps': 10,
}

async function number(client: Client, sql: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n ${sql}`)
  return Number(rows[0]?.n)
}

describe('seeded rows', () => {
  it('keep keys, checks and references, and no code of the repository runs as superuser', async () => {
    const copy = await openCopy(shadow, 'seeded')
    try {
      const { filled } = await fill(copy.owner, { rows: new Map(Object.entries(SIZES)) })
      const table = (name: string) => filled.find(f => f.schema === 'public' && f.name === name)
      expect(table('topics')).toMatchObject({ present: 20_000, relaxed: [] })
      expect(table('topics')?.unseedable).toBeUndefined()
      // Pairs that are drawn twice are left out.
      expect(table('votes')?.present).toBeGreaterThan(2500)
      expect(table('kinds')).toMatchObject({ kept: true, present: 2 })
      const { owner } = copy
      expect(
        await number(owner, 'from topics t where not exists (select from profiles p where p.id = t.owner_id)'),
      ).toBe(0)
      expect(await number(owner, 'from profiles p where not exists (select from auth.users u where u.id = p.id)')).toBe(
        0,
      )
      expect(await number(owner, 'from votes v where not exists (select from topics t where t.id = v.topic_id)')).toBe(
        0,
      )
      expect(await number(owner, 'from notes n where kind_id not in (select id from kinds)')).toBe(0)
      // Some owners have many topics, most have few.
      const { rows } = await owner.query<{ n: string }>(
        'select count(*) as n from topics group by owner_id order by 1 desc limit 1',
      )
      expect(Number(rows[0]?.n)).toBeGreaterThan(1000)
      expect(existsSync(bait)).toBe(false)
    } finally {
      await copy.close()
    }
  })

  it('may be a sample with the statistics of the whole', async () => {
    if (!canGrow()) return
    const rows = new Map(Object.entries(SIZES))
    const whole = await openCopy(shadow, 'whole')
    const sample = await openCopy(shadow, 'sample')
    try {
      await fill(whole.owner, { rows })
      const { filled, recipes } = await fill(sample.owner, { rows, sample: 1000 })
      await growToSize(sample.admin, filled, recipes)
      for (const query of [
        'select * from topics where stars = 5',
        'select * from topics where slug = $$slug77$$',
        'select * from topics t join profiles p on p.id = t.owner_id where t.mood = $$loud$$',
        'select * from topics order by id desc limit 20',
      ]) {
        const [a, b] = await Promise.all([whole, sample].map(copy => planOf(copy.owner, query)))
        expect(b?.shape).toBe(a?.shape)
        expect(Math.abs((b?.cost ?? 0) / (a?.cost ?? 1) - 1)).toBeLessThan(0.1)
      }
    } finally {
      await whole.close()
      await sample.close()
    }
  })
})

interface Raw {
  'Node Type': string
  'Index Name'?: string
  'Total Cost': number
  Plans?: Raw[]
}

async function planOf(client: Client, sql: string): Promise<{ shape: string; cost: number }> {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Raw }[] }>(`explain (format json) ${sql}`)
  const plan = rows[0]!['QUERY PLAN'][0]!.Plan
  const shape = (node: Raw): string =>
    `${node['Node Type']} ${node['Index Name'] ?? ''}(${(node.Plans ?? []).map(shape).join()})`
  return { shape: shape(plan), cost: plan['Total Cost'] }
}

describe('plans of the accesses', () => {
  let model: PlanModel

  beforeAll(async () => {
    const target = (rows: number): TargetRows => ({ rows, source: 'assumed', why: 'test' })
    const rows = new Map(
      Object.entries(SIZES).map(([key, n]) => [key, target(key === 'public.topics' ? 1_000_000 : n)]),
    )
    model = await planAccesses({
      shadow,
      code: await buildAppModel({ root }),
      rows,
      proposals: [
        {
          id: 'owner',
          kind: 'index',
          table: 'public.topics',
          statements: ['create index on public.topics (owner_id, created_at)'],
        },
        { id: 'stars', kind: 'index', table: 'public.topics', statements: ['create index on public.topics (stars)'] },
        { id: 'broken', kind: 'index', table: 'public.topics', statements: ['create index on public.topics (gone)'] },
      ],
      execute: { rows: 5000, seconds: 60 },
    })
  })

  it('are of the statement that PostgREST sends, as its role', () => {
    const detail = model.accesses[0]
    expect(detail?.role).toBe('anon')
    expect(detail?.sql).toContain(
      'LEFT JOIN LATERAL (SELECT "profiles_1"."handle" FROM "public"."profiles" AS "profiles_1"',
    )
    expect(detail?.sql).toContain('coalesce(json_agg(_postgrest_t)')
    expect(detail?.verdict).toBe('index')
    expect(model.accesses[1]?.sql).toContain('pgrst_source_count AS (SELECT 1')
  })

  it('tell a scan of a large table from a list that is short', () => {
    expect(model.accesses.map(({ verdict }) => verdict)).toEqual(['index', 'scan', 'bounded', null])
    expect(model.accesses[1]?.rowsRead).toBeGreaterThanOrEqual(1_000_000)
    expect(model.accesses[3]?.skipped).toContain('column topics.nothing does not exist')
  })

  it('say which proposals pay, and why the others do not', () => {
    const verdicts = Object.fromEntries(model.proposals.map(({ id, verdict }) => [id, verdict]))
    expect(verdicts).toEqual({ owner: 'pays', stars: 'does-not-pay', broken: 'not-tried' })
    const [best] = model.proposals[0]!.queries
    expect(best!.after.cost).toBeLessThan(best!.before.cost / 10)
    expect(model.proposals[1]?.reason).toBe('no plan uses it')
  })

  it('come with the time of real executions where rows were seeded', () => {
    expect(model.tables.find(({ name }) => name === 'topics')).toMatchObject({ rows: 1_000_000, executed: 5000 })
    expect(model.accesses[1]?.executed).toMatchObject({ timedOut: false })
    expect(model.accesses[1]?.executed?.ms).toBeGreaterThan(0)
    expect(model.proposals[0]?.queries[0]?.after.ms).toBeGreaterThan(0)
  })
})

describe('roles', () => {
  it('see what their policies show: the claims of one user, and nothing that a function takes', async () => {
    const copy = await openCopy(shadow, 'roles')
    try {
      await fill(copy.owner, { rows: new Map(Object.entries(SIZES)), sample: 200 })
      const who = await undone(copy, async () => {
        await copy.owner.query('set local role anon')
        return copy.owner.query<{ user: string }>('select current_user as user')
      })
      expect(who.rows[0]?.user).toBe('anon')
      const { rows } = await copy.owner.query<{ super: string }>(`select current_setting('is_superuser') as super`)
      expect(rows[0]?.super).toBe('off')
    } finally {
      await copy.close()
    }
  })
})
