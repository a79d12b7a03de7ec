import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SchemaModel } from '../schema/model.ts'
import { readCatalog } from '../schema/shadow/catalog/read.ts'
import { openShadow, type Shadow } from '../schema/shadow/index.ts'
import { splitStatements } from '../schema/sql/lexer.ts'
import { migrationsFor } from './index.ts'
import type { MigrationRequest, WrittenMigrations } from './model.ts'

/** Every kind of migration goes up, down and up again in a real PostgreSQL with Supabase around it. */

const SCHEMA = `
create table public.posts (
  id bigint generated always as identity primary key,
  "authorId" uuid not null references auth.users on delete cascade,
  team_id bigint, title text not null, published boolean not null default false
);
create index idx_posts_team on public.posts (team_id);
create index idx_posts_team_again on public.posts (team_id desc nulls last) where published;
create index idx_posts_lower on public.posts (lower(title));
alter table public.posts enable row level security;
create function public.is_admin() returns boolean language sql stable security definer as $$
  select exists (select 1 from public.posts where "authorId" = auth.uid()) $$;
create policy "Authors can manage their posts" on public.posts
  using (auth.uid() = "authorId" /* not (select auth.uid()) */ or is_admin() or title = 'auth.uid()')
  with check ((select auth.uid()) = "authorId");
create policy "Published posts are visible" on public.posts for select using (published);
create policy own_delete on public.posts for delete using ("authorId" = auth.uid() and published -- nobody else's
);
create view public.titles as select title from public.posts;
`

let shadow: Shadow
let schema: SchemaModel
const folders: string[] = []

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'migrations-test-'))
  folders.push(root)
  const file = 'frontend/supabase/migrations/20240101000000_init.sql'
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), SCHEMA)
  const opened = await openShadow({ root, files: [file] })
  if ('skipped' in opened) throw new Error(opened.skipped)
  shadow = opened
  schema = opened.schema
})

afterAll(async () => {
  await shadow?.stop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

function written(...requests: MigrationRequest[]): WrittenMigrations {
  const outcome = migrationsFor(requests, { schema, now: NOW, taken: [] })
  if ('declined' in outcome) throw new Error(outcome.declined)
  return outcome
}

/** As the tool runs it: each statement alone, in one transaction where the file may be in one. */
async function run(client: Client, text: string, transactional: boolean): Promise<void> {
  if (transactional) await client.query('begin')
  for (const span of splitStatements(text)) await client.query(text.slice(span.start, span.end))
  if (transactional) await client.query('commit')
}

/** Everything that the catalogs hold, settings of roles included, in an order that does not depend on history. */
async function catalog(client: Client): Promise<unknown> {
  const model = await readCatalog(client)
  await client.query('reset search_path')
  const roles = await client.query(
    'select setrole::regrole::text as role, setconfig from pg_db_role_setting order by 1',
  )
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  for (const table of model.tables) {
    table.policies.sort(byName)
    table.indexes.sort(byName)
  }
  return { model, roles: roles.rows }
}

let count = 0
async function inCopy(test: (client: Client) => Promise<void>): Promise<void> {
  count += 1
  const database = `copy${count}`
  await shadow.clone(database)
  const client = await shadow.connect({ database })
  try {
    await test(client)
  } finally {
    await client.end()
    await shadow.drop(database)
  }
}

const KINDS: [string, MigrationRequest[]][] = [
  [
    'an index',
    [{ kind: 'create-index', table: 'public.posts', keys: ['authorId', { column: 'id', descending: true }] }],
  ],
  ['a partial index', [{ kind: 'create-index', table: 'public.posts', keys: ['title'], predicate: 'published' }]],
  [
    'an index on an expression',
    [{ kind: 'create-index', table: 'public.posts', keys: [{ expression: 'upper(title)' }] }],
  ],
  ['a dropped index', [{ kind: 'drop-index', table: 'public.posts', index: 'idx_posts_team_again' }]],
  ['a dropped index on an expression', [{ kind: 'drop-index', table: 'public.posts', index: 'idx_posts_lower' }]],
  [
    'wrapped calls',
    [
      {
        kind: 'alter-policy',
        table: 'public.posts',
        policy: 'Authors can manage their posts',
        wrap: true,
        alsoWrap: ['public.is_admin'],
      },
    ],
  ],
  [
    'a narrower role',
    [{ kind: 'alter-policy', table: 'public.posts', policy: 'own_delete', roles: ['authenticated'], wrap: true }],
  ],
  [
    'merged policies',
    [
      {
        kind: 'merge-policies',
        table: 'public.posts',
        policies: ['Authors can manage their posts', 'Published posts are visible', 'own_delete'],
      },
    ],
  ],
  [
    'merged and wrapped policies',
    [
      {
        kind: 'merge-policies',
        table: 'public.posts',
        policies: ['Authors can manage their posts', 'Published posts are visible'],
        wrap: true,
        alsoWrap: ['public.is_admin'],
      },
    ],
  ],
  ['a search path', [{ kind: 'set-search-path', function: 'public.is_admin' }]],
  ['a view of who asks', [{ kind: 'security-invoker', view: 'public.titles' }]],
  [
    'a timeout',
    [{ kind: 'role-setting', role: 'authenticated', setting: 'statement_timeout', value: '7s', previous: '8s' }],
  ],
  [
    'an idle timeout',
    [{ kind: 'role-setting', role: 'anon', setting: 'idle_in_transaction_session_timeout', value: '5s' }],
  ],
  [
    'several at once',
    [
      { kind: 'create-index', table: 'public.posts', keys: ['title'] },
      { kind: 'alter-policy', table: 'public.posts', policy: 'own_delete', wrap: true },
      { kind: 'create-index', table: 'public.posts', keys: ['published', 'id'] },
    ],
  ],
]

describe('up, down and up again', () => {
  it.each(KINDS)('%s', async (_, requests) => {
    const { migrations, files } = written(...requests)
    await inCopy(async client => {
      const all = async (way: 'up' | 'down'): Promise<unknown> => {
        const order = way === 'up' ? migrations : migrations.toReversed()
        for (const migration of order) await run(client, files[migration[way]] ?? '', migration.transactional)
        return catalog(client)
      }
      const before = await catalog(client)
      const after = await all('up')
      expect(after).not.toEqual(before)
      expect(await all('up'), 'a second time changes nothing').toEqual(after)
      expect(await all('down'), 'down brings back what was').toEqual(before)
      expect(await all('down'), 'down twice as well').toEqual(before)
      expect(await all('up'), 'and up again').toEqual(after)
    })
  })
})

describe('an index', () => {
  it('stands alone in its file, by the convention of the others', () => {
    const { migrations, files, rollback } = written({ kind: 'create-index', table: 'public.posts', keys: ['authorId'] })
    expect(migrations).toEqual([
      {
        up: 'frontend/supabase/migrations/20260102030405_index_posts_author_id.sql',
        down: 'frontend/supabase/rollbacks/20260102030405_index_posts_author_id.sql',
        transactional: false,
      },
    ])
    const text = files['frontend/supabase/migrations/20260102030405_index_posts_author_id.sql'] ?? ''
    expect(splitStatements(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'create index concurrently if not exists "idx_posts_authorId" on public.posts ("authorId")',
    ])
    expect(rollback).toContain('supabase migration repair --status reverted 20260102030405')
  })

  it('that was cancelled while it was built is made whole by the counter-migration', async () => {
    const { migrations, files } = written({ kind: 'create-index', table: 'public.posts', keys: ['title'] })
    const up = files[migrations[0]?.up ?? ''] ?? ''
    const down = files[migrations[0]?.down ?? ''] ?? ''
    expect(up).toContain('drop index concurrently if exists public.idx_posts_title;')
    await inCopy(async client => {
      const other = await shadow.connect({ database: `copy${count}` })
      // An older transaction that holds the table: the build waits for it, and times out half done.
      await other.query('begin')
      await other.query('lock table public.posts in row exclusive mode')
      await client.query("set statement_timeout = '200ms'")
      await expect(run(client, up, false)).rejects.toThrow(/statement timeout/)
      await client.query('reset statement_timeout')
      await other.query('rollback')
      await other.end()
      const isValid = async (): Promise<boolean[]> => {
        const sql = "select indisvalid from pg_index where indexrelid = to_regclass('public.idx_posts_title')"
        return (await client.query<{ indisvalid: boolean }>(sql)).rows.map(row => row.indisvalid)
      }
      expect(await isValid()).toEqual([false])
      await run(client, up, false)
      expect(await isValid(), '"if not exists" takes the ruin for an index').toEqual([false])
      await run(client, down, false)
      await run(client, up, false)
      expect(await isValid()).toEqual([true])
    })
  })
})

describe('what is declined', () => {
  const cases: [string, MigrationRequest, RegExp][] = [
    ['a column that is not there', { kind: 'create-index', table: 'public.posts', keys: ['nope'] }, /no column/],
    ['a view', { kind: 'create-index', table: 'public.titles', keys: ['title'] }, /view/],
    ['an index of a constraint', { kind: 'drop-index', table: 'public.posts', index: 'posts_pkey' }, /constraint/],
    [
      'a role that takes rows from guests',
      { kind: 'alter-policy', table: 'public.posts', policy: 'Published posts are visible', roles: ['authenticated'] },
      /guests/,
    ],
    [
      'a role wider than before',
      { kind: 'alter-policy', table: 'public.posts', policy: 'own_delete', roles: ['public', 'anon'] },
      /narrowed/,
    ],
    [
      'limits of the owner',
      { kind: 'role-setting', role: 'postgres', setting: 'lock_timeout', value: '1s' },
      /requests/,
    ],
    [
      'a limit that is no duration',
      { kind: 'role-setting', role: 'anon', setting: 'lock_timeout', value: "1s'; --" },
      /unit/,
    ],
  ]
  it.each(cases)('%s', (_, request, reason) => {
    const outcome = migrationsFor([request], { schema, now: NOW, taken: [] })
    expect('declined' in outcome ? outcome.declined : outcome.files).toMatch(reason)
  })
})

describe('versions', () => {
  it('are later than those of the repository and never the same', () => {
    const taken = ['frontend/supabase/migrations/20270101000000_future.sql', '20270101000001']
    const outcome = migrationsFor(
      [
        { kind: 'create-index', table: 'public.posts', keys: ['title'] },
        { kind: 'create-index', table: 'public.posts', keys: ['published'] },
      ],
      { schema, now: NOW, taken },
    )
    expect('declined' in outcome ? outcome : outcome.migrations.map(({ up }) => up.split('/').at(-1))).toEqual([
      '20270101000002_index_posts_title.sql',
      '20270101000003_index_posts_published.sql',
    ])
  })
})
