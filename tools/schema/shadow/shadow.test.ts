import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { GUARDIAN_SCRIPT } from './guardian.ts'
import { openShadow, type Shadow, type ShadowOptions } from './index.ts'
import { RUN_PREFIX } from './server.ts'
import { sweepOrphans } from './sweep.ts'

const folders: string[] = []
const shadows: Shadow[] = []

afterAll(async () => {
  for (const shadow of shadows) await shadow.stop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

async function repository(files: Record<string, string>): Promise<{ root: string; files: string[] }> {
  const root = await mkdtemp(join(tmpdir(), 'shadow-test-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return { root, files: Object.keys(files) }
}

async function open(files: Record<string, string>, options: Partial<ShadowOptions> = {}): Promise<Shadow> {
  const shadow = await openShadow({ ...(await repository(files)), ...options })
  if ('skipped' in shadow) throw new Error(shadow.skipped)
  shadows.push(shadow)
  return shadow
}

function migrations(...scripts: string[]): Record<string, string> {
  return Object.fromEntries(scripts.map((sql, i) => [`supabase/migrations/2024010100000${i}_m${i}.sql`, sql]))
}

describe('replay', () => {
  it('applies what a Supabase project accepts', async () => {
    const shadow = await open(
      migrations(
        `create extension if not exists "uuid-ossp" with schema extensions;
create extension vector with schema extensions;
create extension postgis;
create extension if not exists pg_cron;
create extension pg_net;
create extension pg_trgm;
create table public.profiles (id uuid primary key references auth.users on delete cascade, at timestamptz default now());
alter table profiles enable row level security;
create policy own on profiles for select to authenticated using ((select auth.uid()) = id);
create table documents (id uuid primary key default uuid_generate_v4(), embedding vector(1536), place geography(Point, 4326), name text);
create index on documents using hnsw (embedding vector_cosine_ops) with (m = 16, ef_construction = 64);
create index documents_place on documents using gist (place);
create index documents_name on documents using gin (name gin_trgm_ops);
create function handle_new_user() returns trigger language plpgsql security definer set search_path = '' as $$
begin insert into public.profiles (id) values (new.id); return new; end $$;
create trigger on_auth_user_created after insert on auth.users for each row execute function handle_new_user();
insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
create policy "anyone reads" on storage.objects for select using (bucket_id = 'avatars');
alter publication supabase_realtime add table profiles;
select cron.schedule('nightly', '0 3 * * *', 'select net.http_post(url := ''https://example.com'')');
alter role authenticator set pgrst.db_schemas = 'public, api';
create event trigger e on ddl_command_end execute function handle_new_user();
notify pgrst, 'reload schema';`,
      ),
    )
    expect(shadow.replay.failures).toEqual([])
    expect(shadow.replay.applied).toBe(shadow.replay.statements)
    const documents = shadow.schema.tables.find(({ name }) => name === 'documents')
    expect(documents?.columns.map(({ type }) => type)).toEqual([
      'uuid',
      'vector(1536)',
      'geography(point,4326)',
      'text',
    ])
    expect(documents?.indexes.map(({ method }) => method)).toEqual(['btree', 'hnsw', 'gist', 'gin'])
    expect(shadow.schema.functions.map(({ name, searchPath }) => [name, searchPath])).toEqual([['handle_new_user', '']])
    expect(shadow.schema.triggers).toMatchObject([
      { name: 'on_auth_user_created', schema: 'auth', location: { line: 16 } },
    ])
    expect(shadow.schema.realtimeTables).toEqual(['public.profiles'])
    expect(shadow.schema.buckets).toMatchObject([{ id: 'avatars', public: true }])
    expect(shadow.schema.tables.find(({ schema }) => schema === 'storage')).toMatchObject({ platform: true })
  })

  it('tells root failures from what follows from them, and applies the rest of the file', async () => {
    const shadow = await open(
      migrations(
        `create table a (id int);
create table b (id int references nowhere (id));
create index on b (id);
create policy p on b using (true);
create table c (id int);`,
        'insert into b values (1);',
      ),
    )
    expect(shadow.replay.failures.map(({ location, cause, because }) => [location.line, cause, because?.line])).toEqual(
      [
        [2, 'missing-object', undefined],
        [3, 'missing-object', 2],
        [4, 'missing-object', 2],
        [1, 'missing-object', 2],
      ],
    )
    expect(shadow.schema.tables.map(({ name }) => name)).toEqual(['a', 'c'])
  })

  it('names a failure that only the common transaction makes, and gets past it', async () => {
    const shadow = await open(
      migrations(
        `create type mood as enum ('ok'); create table t (m mood);`,
        `alter type mood add value 'bad'; insert into t values ('bad');`,
      ),
    )
    expect(shadow.replay.failures).toMatchObject([{ cause: 'enum-value-in-same-transaction', recovered: true }])
    expect(shadow.replay.files.map(({ clean, applied }) => [clean, applied])).toEqual([
      [true, 2],
      [false, 2],
    ])
  })

  it('reports version numbers that two files share', async () => {
    const shadow = await open({
      'supabase/migrations/001_a.sql': 'create table a (id int);',
      'supabase/migrations/001_b.sql': 'create table b (id int);',
    })
    expect(shadow.replay.duplicateVersions).toEqual([
      { version: '001', files: ['supabase/migrations/001_a.sql', 'supabase/migrations/001_b.sql'] },
    ])
    expect(shadow.schema.tables).toHaveLength(2)
  })

  it('does not carry a search_path from one file into the next', async () => {
    const shadow = await open(
      migrations(
        `select pg_catalog.set_config('search_path', '', false); create table public.a (id int);`,
        'create table b (id int);',
      ),
    )
    expect(shadow.replay.failures).toEqual([])
  })

  it('has nothing to start without migrations', async () => {
    expect(await openShadow(await repository({ 'src/a.ts': '' }))).toHaveProperty('skipped')
  })
})

describe('hostile migrations', () => {
  it('are contained and reported, and what comes after them is applied', async () => {
    const bait = join(tmpdir(), `shadow-bait-${process.pid}`)
    const shadow = await open(
      migrations(
        `copy (select 1) to program 'touch ${bait}';`,
        `select pg_read_file('/etc/passwd');`,
        `create extension dblink; select * from dblink('host=127.0.0.1', 'select 1') as t(a int);`,
        `drop role anon; drop owned by authenticated; alter role postgres superuser;`,
        `do $$ begin perform pg_read_file('/etc/passwd'); end $$;
do $$ begin execute $x$ copy (select 1) to program 'touch ${bait}' $x$; end $$;
create function f() returns int language c as '/lib/libc.so.6', 'getpid';
alter system set archive_command = 'touch ${bait}';
set role supabase_admin;
load '/tmp/evil.so';`,
        `set statement_timeout = 0; do $$ begin loop begin perform pg_sleep(1); exception when query_canceled then null; end; end loop; end $$;`,
        `create table after_all (id int);`,
      ),
      { limits: { milliseconds: 1500, memory: 2 ** 30, disk: 2 ** 31 } },
    )
    expect(existsSync(bait)).toBe(false)
    expect(shadow.schema.tables.map(({ name }) => name)).toEqual(['after_all'])
    expect(shadow.replay.refused.map(({ why }) => why)).toEqual([
      'COPY PROGRAM runs commands on the server',
      'role anon belongs to the platform',
      'role authenticated belongs to the platform',
      'role postgres belongs to the platform',
      'server configuration is not for migrations',
      'loads a library into the server',
    ])
    expect(shadow.replay.failures.map(({ cause }) => cause)).toEqual([
      'permission',
      'refused',
      'permission',
      'permission',
      'permission',
      'permission',
      'runaway',
    ])
    const client = await shadow.connect()
    const roles = await client.query(
      `select rolname, rolsuper from pg_roles where rolname in ('anon', 'authenticated', 'postgres') order by 1`,
    )
    expect(roles.rows).toEqual([
      { rolname: 'anon', rolsuper: false },
      { rolname: 'authenticated', rolsuper: false },
      { rolname: 'postgres', rolsuper: false },
    ])
    await client.end()
  })

  it('that allocate without end are ended by their size', async () => {
    const shadow = await open(
      migrations(
        `create table t (a text); do $$ begin loop insert into t select repeat('x', 1000) from generate_series(1, 10000); end loop; end $$;`,
      ),
      { limits: { milliseconds: 30_000, memory: 2 ** 30, disk: 60 * 2 ** 20 } },
    )
    expect(shadow.replay.failures).toMatchObject([{ cause: 'runaway', message: 'ended: wrote more than 60 MB' }])
  })
})

describe('warm start', () => {
  it('gives the same schema without a replay, and a working database', async () => {
    const repo = await repository(migrations('create table t (id int primary key); insert into t values (7);'))
    const cache = join(repo.root, '.scalability/cache/shadow')
    const cold = await openShadow({ ...repo, cache })
    if ('skipped' in cold) throw new Error(cold.skipped)
    await (await cold.connect()).end()
    await cold.stop()
    const warm = await openShadow({ ...repo, cache })
    if ('skipped' in warm) throw new Error(warm.skipped)
    shadows.push(warm)
    expect(warm.warm).toBe(true)
    expect(warm.schema).toEqual(cold.schema)
    const client = await warm.connect()
    expect((await client.query('select id from t')).rows).toEqual([{ id: 7 }])
    await client.end()
  })

  it('is not taken from a cache that somebody changed', async () => {
    const repo = await repository(migrations('create table t (id int);'))
    const cache = join(repo.root, '.scalability/cache/shadow')
    const cold = await openShadow({ ...repo, cache })
    if ('skipped' in cold) throw new Error(cold.skipped)
    await (await cold.connect()).end()
    await cold.stop()
    const [template = ''] = await readdir(cache)
    const settings = join(cache, template, 'data/postgresql.conf')
    await writeFile(settings, `${await readFile(settings, 'utf8')}\narchive_command = 'evil'\n`)
    const again = await openShadow({ ...repo, cache })
    if ('skipped' in again) throw new Error(again.skipped)
    shadows.push(again)
    const client = await again.connect()
    expect((await client.query('show archive_command')).rows).not.toEqual([{ archive_command: 'evil' }])
    await client.end()
    expect(again.notes.join()).toContain('cached database file was changed')
  })
})

describe('clones', () => {
  it('are copies that can be changed and dropped', async () => {
    const shadow = await open(migrations('create table t (id int);'))
    await shadow.clone('proof')
    const client = await shadow.connect({ database: 'proof' })
    await client.query('drop table t')
    await client.end()
    await shadow.drop('proof')
    const original = await shadow.connect()
    expect((await original.query('select count(*)::int as n from t')).rows).toEqual([{ n: 0 }])
    await original.end()
  })
})

describe('cleaning up', () => {
  it('leaves nothing after stop', async () => {
    const before = runFolders()
    const shadow = await open(migrations('create table t (id int);'))
    await shadow.stop()
    expect(runFolders().filter(name => !before.includes(name) && name.includes(`-${process.pid}-`))).toEqual([])
  })

  it('removes the folder of a process that ended without a word', async () => {
    const folder = await mkdtemp(join(tmpdir(), `${RUN_PREFIX}1-guarded-`))
    const child = spawn(process.execPath, [
      '-e',
      `${startGuardianSource()}; setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300)`,
      folder,
    ])
    await new Promise(resolve => child.once('exit', resolve))
    while (existsSync(folder)) await new Promise(resolve => setTimeout(resolve, 20))
    expect(existsSync(folder)).toBe(false)
  })

  it('sweeps what dead runs left and nothing else', async () => {
    const place = await mkdtemp(join(tmpdir(), 'sweep-test-'))
    folders.push(place)
    await mkdir(join(place, `${RUN_PREFIX}999999999-dead`))
    await mkdir(join(place, `${RUN_PREFIX}${process.pid}-alive`))
    await mkdir(join(place, 'other'))
    expect(sweepOrphans(place)).toBe(1)
    expect(readdirSync(place).sort()).toEqual(['other', `${RUN_PREFIX}${process.pid}-alive`])
  })
})

function runFolders(): string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith(RUN_PREFIX))
}

/** A program that starts the guardian for the folder in its first argument. */
function startGuardianSource(): string {
  const script = JSON.stringify(GUARDIAN_SCRIPT)
  return `require('node:child_process').spawn(process.execPath, ['-e', ${script}, process.argv[1]], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })`
}
