import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../workspace/change.ts'
import { createVerifier, type Verifier } from './index.ts'
import type { ProofCheck } from './proof.ts'

/** A small app with owners, an admin by role, a public table and rights on single columns, in a real PostgreSQL. */
const MIGRATION = `
create type public.user_role as enum ('member', 'admin');
create table public.profiles (
  id uuid primary key references auth.users (id),
  role public.user_role not null default 'member',
  handle text not null unique
);
create table public.notes (
  id bigint generated always as identity primary key,
  owner_id uuid not null references public.profiles (id),
  body text not null,
  is_public boolean not null default false
);
alter table public.profiles enable row level security;
alter table public.notes enable row level security;
create policy "profiles are public" on public.profiles for select using (true);
create policy "own profile" on public.profiles for update using (auth.uid() = id) with check (auth.uid() = id);
create policy "own or public notes" on public.notes for select using (is_public or auth.uid() = owner_id);
create policy "add own notes" on public.notes for insert with check (auth.uid() = owner_id);
create policy "change own notes" on public.notes for update using (auth.uid() = owner_id) with check (auth.uid() = owner_id);
create policy "admins delete" on public.notes for delete using (
  exists (select 1 from public.profiles p where p.id = auth.uid() and p.role = 'admin'));
`
const FILE = 'supabase/migrations/20260101000000_init.sql'

let root: string
let verifier: Verifier

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'verify-'))
  mkdirSync(dirname(join(root, FILE)), { recursive: true })
  writeFileSync(join(root, FILE), MIGRATION)
  verifier = createVerifier({ root, files: [FILE] })
})

afterAll(async () => {
  await verifier.close()
  rmSync(root, { recursive: true, force: true })
})

async function verify(up: string, down: string, transactional = true): Promise<Record<string, ProofCheck>> {
  const change: Change = {
    playbook: 'database/x',
    key: '000000000000',
    findings: [],
    title: '',
    summary: '',
    files: { 'up.sql': up, 'down.sql': down },
    migrations: [{ up: 'up.sql', down: 'down.sql', transactional }],
    rollback: '',
    security: '',
    verify: [],
    notVerified: [],
  }
  return Object.fromEntries((await verifier.verify(change)).map(check => [check.name, check]))
}

const SELECT = '"own or public notes" on public.notes'

describe('migrations', () => {
  it('an index that goes up, down and up again', async () => {
    const up = 'create index concurrently if not exists notes_owner on public.notes (owner_id);'
    const { migrations } = await verify(up, 'drop index concurrently if exists public.notes_owner;', false)
    expect(migrations).toMatchObject({ status: 'passed', detail: ['table public.notes: index notes_owner: added'] })
  })

  it('a way down that forgets something', async () => {
    const { migrations } = await verify('alter table public.notes add column seen boolean;', 'select 1;')
    expect(migrations).toMatchObject({ status: 'failed', detail: ['table public.notes: column seen: added'] })
  })

  it('a way up that does not run', async () => {
    const { migrations } = await verify('create index on public.nothing (id);', 'select 1;')
    expect(migrations).toMatchObject({ status: 'failed', summary: expect.stringMatching(/^up\.sql: .*does not exist/) })
  })

  it('a way up that changes nothing', async () => {
    expect((await verify('select 1;', 'select 1;')).migrations).toMatchObject({ status: 'failed' })
  })
})

describe('who sees what', () => {
  it('a call that is wrapped changes nothing for anybody, and the answers are worth something', async () => {
    const { visibility } = await verify(
      `alter policy ${SELECT} using (is_public or (select auth.uid()) = owner_id);`,
      `alter policy ${SELECT} using (is_public or auth.uid() = owner_id);`,
    )
    expect(visibility).toMatchObject({ status: 'passed', summary: expect.stringMatching(/no difference observed/) })
    const [, noticed, tried] = /notice (\d+) of (\d+)/.exec(visibility!.summary)!
    expect(Number(noticed) / Number(tried)).toBeGreaterThan(0.8)
  })

  it.each([
    [
      'rows of others',
      `alter policy ${SELECT} using (true);`,
      `alter policy ${SELECT} using (is_public or auth.uid() = owner_id);`,
      /notes select as /,
    ],
    [
      'an admin that everybody is',
      'alter policy "admins delete" on public.notes using (auth.uid() is not null);',
      `alter policy "admins delete" on public.notes using (exists (select 1 from public.profiles p where p.id = auth.uid() and p.role = 'admin'));`,
      /notes delete as user/,
    ],
    [
      'a row that may be given away',
      'alter policy "change own notes" on public.notes with check (true);',
      'alter policy "change own notes" on public.notes with check (auth.uid() = owner_id);',
      /notes update of owner_id as user/,
    ],
    [
      'rows in the name of others',
      'alter policy "add own notes" on public.notes with check (auth.uid() is not null);',
      'alter policy "add own notes" on public.notes with check (auth.uid() = owner_id);',
      /notes insert \d as user/,
    ],
    [
      'row-level security',
      'alter table public.notes disable row level security;',
      'alter table public.notes enable row level security;',
      /notes select as /,
    ],
    [
      'a right',
      'revoke select on public.profiles from anon;',
      'grant select on public.profiles to anon;',
      /profiles select as anon: .* → error 42501/,
    ],
  ])('%s', async (_, up, down, cell) => {
    const { visibility } = await verify(up, down)
    expect(visibility?.status).toBe('failed')
    expect(visibility?.detail?.join('\n')).toMatch(cell)
  })
})
