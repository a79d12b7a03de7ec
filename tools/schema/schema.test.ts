import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readSchema } from './index.ts'
import type { SchemaModel } from './model.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** Writes files (posix path → text or bytes) into a fresh folder and reads the schema that they define. */
async function schemaOf(files: Record<string, string | Buffer>): Promise<SchemaModel | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'schema-test-'))
  folders.push(root)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return readSchema({ root })
}

async function fold(sql: string): Promise<SchemaModel> {
  const model = await schemaOf({ 'supabase/migrations/20240101000000_init.sql': sql })
  return model ?? { source: 'migrations', tables: [], functions: [], problems: [] }
}

function table(model: SchemaModel | undefined, name: string) {
  const found = model?.tables.find(candidate => candidate.name === name)
  if (!found) throw new Error(`no table ${name} among ${model?.tables.map(candidate => candidate.name).join(', ')}`)
  return found
}

describe('tables', () => {
  it('knows columns, types, defaults and the line of each', async () => {
    const model = await fold(`create table public.parts (
  id bigserial primary key,
  name varchar(20) not null default 'né' unique,
  tags text[],
  at timestamptz not null default now()
);`)
    expect(
      table(model, 'parts').columns.map(column => [column.name, column.type, column.notNull, column.location.line]),
    ).toEqual([
      ['id', 'bigint', true, 2],
      ['name', 'character varying(20)', true, 3],
      ['tags', 'text[]', false, 4],
      ['at', 'timestamp with time zone', true, 5],
    ])
    expect(table(model, 'parts').columns.map(column => column.default)).toEqual([
      "nextval('parts_id_seq'::regclass)",
      "'né'",
      undefined,
      'now()',
    ])
    expect(table(model, 'parts').uniqueKeys).toEqual([['id'], ['name']])
    expect(table(model, 'parts').indexes.map(index => index.name)).toEqual(['parts_pkey', 'parts_name_key'])
  })

  it('counts lines in characters, not in the bytes that the parser reports', async () => {
    const model = await fold(`-- ääääääääääääääääääääääääääääääää 🎉🎉🎉
create table t (
  a text, -- ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß
  b text
);`)
    expect(table(model, 't').columns.map(column => column.location.line)).toEqual([3, 4])
  })

  it('follows foreign keys through renames and drops them with their table', async () => {
    const model = await fold(`create table users (id uuid primary key);
create table gone (id int primary key);
create table posts (id int, author uuid references users on delete cascade, g int references gone(id));
alter table users rename to profiles;
alter table profiles rename column id to user_id;
drop table gone cascade;`)
    expect(table(model, 'posts').foreignKeys).toMatchObject([
      {
        name: 'posts_author_fkey',
        columns: ['author'],
        table: 'profiles',
        references: ['user_id'],
        onDelete: 'cascade',
      },
    ])
    expect(table(model, 'profiles').primaryKey).toEqual(['user_id'])
  })

  it('drops indexes and constraints together with their column', async () => {
    const model = await fold(`create table t (a int, b int unique, c int);
create index on t (a, b);
create index on t (c);
alter table t drop column b;`)
    expect(table(model, 't').indexes.map(index => index.name)).toEqual(['t_c_idx'])
  })

  it('leaves the first definition when CREATE TABLE IF NOT EXISTS comes again', async () => {
    const model = await fold('create table if not exists t (a int); create table if not exists t (a int, b int);')
    expect(table(model, 't').columns.map(column => column.name)).toEqual(['a'])
  })

  it('gives partitions the columns of their parent', async () => {
    const model = await fold(`create table events (id bigint, at date, primary key (id, at)) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');`)
    expect(table(model, 'events_2024')).toMatchObject({ partitionOf: 'public.events', primaryKey: ['id', 'at'] })
  })
})

describe('indexes', () => {
  it('tells columns, expressions, predicates and operator classes apart', async () => {
    const model = await fold(`create table t (email text, a int, name text);
create unique index t_email on t (lower(email)) where a > 0;
create index t_name on t using gin (name gin_trgm_ops);
create index t_desc on t (a desc, name) include (email);`)
    expect(table(model, 't').indexes).toMatchObject([
      { name: 't_email', columns: ['(lower(email))'], unique: true, partial: true, predicate: 'a > 0' },
      { name: 't_name', columns: ['name'], method: 'gin', keys: [{ opclass: 'gin_trgm_ops' }] },
      {
        name: 't_desc',
        columns: ['a', 'name'],
        include: ['email'],
        keys: [{ descending: true }, { descending: false }],
      },
    ])
    expect(table(model, 't').uniqueKeys).toEqual([])
  })
})

describe('policies', () => {
  it('cuts the expressions from the source text', async () => {
    const model = await fold(`create table t (user_id uuid);
alter table t enable row level security;
create policy "own rows" on t
  as restrictive for update to authenticated, service_role
  using ((select auth.uid()) = user_id) -- )
  with check (user_id = auth.uid() and 'a)' <> '');`)
    expect(table(model, 't').rowLevelSecurity).toBe(true)
    expect(table(model, 't').policies).toEqual([
      {
        name: 'own rows',
        permissive: false,
        command: 'update',
        roles: ['authenticated', 'service_role'],
        using: '(select auth.uid()) = user_id',
        withCheck: "user_id = auth.uid() and 'a)' <> ''",
        location: { file: 'supabase/migrations/20240101000000_init.sql', line: 3, endLine: 6 },
      },
    ])
  })

  it('follows ALTER and DROP POLICY', async () => {
    const model = await fold(`create table t (a uuid);
create policy one on t using (a = auth.uid());
create policy two on t for select using (true);
drop policy if exists two on public.t;
alter policy one on t to authenticated using (a = (select auth.uid()));`)
    expect(table(model, 't').policies).toMatchObject([
      { name: 'one', roles: ['authenticated'], using: 'a = (select auth.uid())', location: { line: 5 } },
    ])
  })

  it('names the platform tables that policies stand on, and marks them', async () => {
    const model = await fold(`create policy p on storage.objects for select using (bucket_id = 'a');`)
    expect(table(model, 'objects')).toMatchObject({ schema: 'storage', platform: true, rowLevelSecurity: true })
  })

  it('reports a policy on a table that no file creates', async () => {
    const model = await fold('create table a (id int); create policy p on by_hand using (true);')
    expect(model.problems.map(problem => problem.message)).toEqual([
      'table public.by_hand is used but no file creates it',
    ])
  })
})

describe('functions', () => {
  it('reads language, volatility, security and settings, and keeps overloads apart', async () => {
    const model =
      await fold(`create function f(a int, b text default '') returns setof int language sql stable as $$ select 1 $$;
create or replace function f() returns trigger as $x$ begin return new; end $x$ language plpgsql security definer set search_path = '';
drop function f(integer, text);`)
    expect(model.functions).toMatchObject([
      { name: 'f', language: 'plpgsql', volatility: 'volatile', securityDefiner: true, searchPath: '', arguments: [] },
    ])
  })
})

describe('DROP … CASCADE', () => {
  it('takes along the policies that call a function and the triggers that run it, and says so', async () => {
    const model = await fold(`create table t (id uuid);
create function is_admin() returns boolean language sql as $$ select true $$;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create policy admins on t using (public.is_admin());
create policy others on t using (not_is_admin());
create trigger touch before update on t for each row execute function touch();
drop function is_admin() cascade;
drop function if exists public.touch() cascade;
create function is_admin() returns boolean language sql as $$ select false $$;`)
    expect(table(model, 't').policies.map(({ name }) => name)).toEqual(['others'])
    expect(model.triggers).toEqual([])
    expect(model.cascades).toMatchObject([
      {
        object: 'function public.is_admin',
        location: { line: 7 },
        dropped: [{ kind: 'policy', table: 'public.t', name: 'admins' }],
      },
      {
        object: 'function public.touch',
        location: { line: 8 },
        dropped: [{ kind: 'trigger', table: 'public.t', name: 'touch' }],
      },
    ])
  })

  it('takes the views that read a table', async () => {
    const model = await fold('create table t (a int); create view v as select a from t; drop table t cascade;')
    expect(model.tables).toEqual([])
  })
})

describe('scripts', () => {
  it('loses only the statement that does not parse', async () => {
    const model = await fold('create table a (id int);\ncreate tabel b (id int);\ncreate table c (id int);')
    expect(model.tables.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(model.problems).toMatchObject([
      { location: { line: 2 }, message: 'does not parse: syntax error at or near "tabel"' },
    ])
  })

  it('looks into DO blocks and says what it cannot know', async () => {
    const model = await fold(`create table t (a int);
do $$ begin
  if not exists (select 1 from pg_type where typname = 'mood') then
    create type mood as enum ('ok', 'bad');
  end if;
  alter table t add column b mood;
  execute 'create index t_b on t (b)';
  execute format('create index on %I (a)', 't');
exception when others then null;
end $$;`)
    expect(model.enums).toMatchObject([{ name: 'mood', values: ['ok', 'bad'], location: { line: 4 } }])
    expect(table(model, 't').columns[1]).toMatchObject({ name: 'b', location: { line: 6 } })
    expect(table(model, 't').indexes.map(index => index.name)).toEqual(['t_b'])
    expect(model.problems).toMatchObject([{ location: { line: 8 } }])
  })

  it('decodes UTF-16 and reads pg_dump scripts with COPY data', async () => {
    const dump = `\\restrict x
SET search_path = '';
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.t (id integer);
COPY public.t (id) FROM stdin;
1
2;
\\.
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
`
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(dump, 'utf16le')])
    const model = await schemaOf({ 'db/schema.sql': bytes })
    expect(model?.source).toBe('schema-files')
    expect(table(model, 't')).toMatchObject({ primaryKey: ['id'], seededRows: 2 })
    expect(model?.problems).toEqual([])
  })

  it('counts seeded rows', async () => {
    const model = await schemaOf({
      'supabase/migrations/001_a.sql': `create table t (a int); insert into t values (1), (2);
insert into t select 1 from generate_series(1, 50);`,
      'supabase/seed.sql': 'insert into t (a) select 5; create table not_schema (a int);',
    })
    expect(table(model, 't').seededRows).toBe(53)
    expect(model?.tables).toHaveLength(1)
  })
})

describe('sources', () => {
  it('returns nothing when the repository defines no database', async () => {
    expect(await schemaOf({ 'src/index.ts': 'export {}' })).toBeUndefined()
  })

  it('orders Drizzle migrations by their journal', async () => {
    const model = await schemaOf({
      'drizzle/0000_first.sql':
        'CREATE TABLE "a" ("id" serial PRIMARY KEY);--> statement-breakpoint\nCREATE TABLE "b" ("id" int);',
      'drizzle/0001_second.sql': 'ALTER TABLE "b" RENAME TO "c";',
      'drizzle/meta/_journal.json': '{"entries":[{"idx":1,"tag":"0001_second"},{"idx":0,"tag":"0000_first"}]}',
    })
    expect(model?.tables.map(({ name }) => name)).toEqual(['a', 'c'])
    expect(model?.migrations?.map(({ tool, version }) => [tool, version])).toEqual([
      ['drizzle', '0000'],
      ['drizzle', '0001'],
    ])
  })

  it('reads Prisma migrations before the Prisma schema', async () => {
    const model = await schemaOf({
      'prisma/migrations/20240101_init/migration.sql':
        'CREATE TABLE "User" ("id" TEXT NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));',
      'prisma/schema.prisma': 'model User {\n  id String @id\n}\nmodel Post {\n  id Int @id\n}\n',
    })
    expect(model?.source).toBe('migrations')
    expect(model?.tables.map(({ name, location }) => [name, location.file])).toEqual([
      ['User', 'prisma/migrations/20240101_init/migration.sql'],
      ['Post', 'prisma/schema.prisma'],
    ])
  })

  it('reads schema.prisma alone', async () => {
    const model = await schemaOf({
      'prisma/schema.prisma': `datasource db {
  provider = "postgresql"
}
model User {
  id    String @id @default(uuid()) @db.Uuid
  email String @unique @map("e_mail")
  posts Post[]
  @@map("users")
}
model Post {
  id       Int   @id @default(autoincrement())
  authorId String @db.Uuid
  author   User  @relation(fields: [authorId], references: [id], onDelete: Cascade)
  slug     String?
  @@unique([authorId, slug])
  @@index([slug(sort: Desc)])
}`,
    })
    expect(model?.source).toBe('prisma')
    expect(table(model, 'users')).toMatchObject({ primaryKey: ['id'], uniqueKeys: [['id'], ['e_mail']] })
    expect(table(model, 'Post').foreignKeys).toMatchObject([
      { columns: ['authorId'], table: 'users', references: ['id'], onDelete: 'cascade' },
    ])
    expect(table(model, 'Post').indexes.map(({ columns }) => columns)).toEqual([['id'], ['authorId', 'slug'], ['slug']])
  })

  it('takes from generated types only what they know', async () => {
    const model = await schemaOf({
      'src/database.types.ts': `export type Database = { public: { Tables: {
  users: { Row: { id: string; name: string | null }; Insert: {}; Relationships: [] }
  profiles: { Row: { user_id: string; age: number }; Insert: {}; Relationships: [
    { foreignKeyName: "profiles_user_id_fkey"; columns: ["user_id"]; isOneToOne: true; referencedRelation: "users"; referencedColumns: ["id"] }
  ] }
}; Views: {}; Enums: { mood: "ok" | "bad" } } }`,
    })
    expect(model?.source).toBe('generated-types')
    expect(table(model, 'users').primaryKey).toEqual(['id'])
    expect(table(model, 'profiles')).toMatchObject({ primaryKey: [], uniqueKeys: [['user_id']] })
    expect(table(model, 'profiles').unknown).toContain('primaryKey')
    expect(model?.enums).toMatchObject([{ name: 'mood', values: ['ok', 'bad'] }])
  })

  it('reads Drizzle tables in TypeScript', async () => {
    const model = await schemaOf({
      'src/db/schema.ts': `import { pgTable, serial, text, integer, uniqueIndex, index, primaryKey, timestamp } from 'drizzle-orm/pg-core'
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text().notNull().unique(),
  createdAt: timestamp('created_at', { withTimezone: true }),
})
export const posts = pgTable('posts', {
  id: serial().primaryKey(),
  author: integer('author_id').references(() => users.id, { onDelete: 'cascade' }),
  slug: text(),
}, (t) => [uniqueIndex('posts_slug').on(t.author, t.slug), index().on(t.slug).where(sql\`slug is not null\`)])
`,
    })
    expect(model?.source).toBe('drizzle')
    expect(table(model, 'users').uniqueKeys).toEqual([['id'], ['email']])
    expect(table(model, 'posts')).toMatchObject({
      uniqueKeys: [['id'], ['author_id', 'slug']],
      foreignKeys: [{ columns: ['author_id'], table: 'users', references: ['id'], onDelete: 'cascade' }],
    })
  })
})
