import { describe, expect, it } from 'vitest'
import { needsUser, wrapCalls } from './expression.ts'
import { migrationsFor } from './index.ts'
import type { MigrationContext, MigrationRequest, WrittenMigrations } from './model.ts'

/** Folders and formats of the tools, without a database. */

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

function context(
  file: string,
  tool: 'supabase' | 'drizzle' | 'prisma' | 'other',
  more: Partial<MigrationContext> = {},
): MigrationContext {
  const location = { file, line: 1 }
  const version = /(\d+)[^/]*(?:\/migration)?\.sql$/.exec(file)?.[1] ?? ''
  return {
    schema: {
      source: 'migrations',
      tables: [
        {
          schema: 'public',
          name: 'Post',
          kind: 'table',
          location,
          columns: ['id', 'author_id'].map(name => ({ name, type: 'bigint', notNull: true, location })),
          primaryKey: ['id'],
          uniqueKeys: [['id']],
          foreignKeys: [],
          indexes: [],
          rowLevelSecurity: false,
          policies: [],
          seededRows: 0,
        },
      ],
      functions: [],
      problems: [],
      migrations: [{ file, version, tool }],
    },
    now: NOW,
    taken: [],
    ...more,
  }
}

const INDEX: MigrationRequest = { kind: 'create-index', table: 'public.Post', keys: ['author_id'] }

function written(own: MigrationContext, ...requests: MigrationRequest[]): WrittenMigrations {
  const outcome = migrationsFor(requests.length > 0 ? requests : [INDEX], own)
  if ('declined' in outcome) throw new Error(outcome.declined)
  return outcome
}

describe('Prisma', () => {
  const SCHEMA = `generator client {
  provider = "prisma-client-js"
}

model Post {
  id       BigInt @id
  authorId BigInt @map("author_id")
}

model Other {
  id BigInt @id
}
`
  const own = context('prisma/migrations/20250101000000_init/migration.sql', 'prisma', {
    source: path => (path === 'prisma/schema.prisma' ? SCHEMA : undefined),
  })

  it('keeps a migration in a folder of its own, and the index in the model', () => {
    const { migrations, files } = written(own)
    expect(migrations).toEqual([
      {
        up: 'prisma/migrations/20260102030405_index_post_author_id/migration.sql',
        down: 'prisma/rollbacks/20260102030405_index_post_author_id.sql',
        transactional: false,
      },
    ])
    expect(files['prisma/schema.prisma']).toBe(
      SCHEMA.replace('@map("author_id")\n', '@map("author_id")\n\n  @@index([authorId])\n'),
    )
  })

  it('is told by hand where the model is not found', () => {
    const { notes, files } = written({ ...own, source: () => undefined })
    expect(files['prisma/schema.prisma']).toBeUndefined()
    expect(notes.join('\n')).toContain('drops it as drift')
  })
})

describe('Drizzle', () => {
  const JOURNAL = `{
  "version": "7",
  "dialect": "postgresql",
  "entries": [
    { "idx": 0, "version": "7", "when": 1900000000000, "tag": "0000_init", "breakpoints": true }
  ]
}
`
  const SNAPSHOT = `{ "id": "11111111-1111-4111-8111-111111111111", "prevId": "00000000-0000-0000-0000-000000000000", "tables": {} }`
  const sources: Record<string, string> = {
    'drizzle/meta/_journal.json': JOURNAL,
    'drizzle/meta/0000_snapshot.json': SNAPSHOT,
  }
  const own = context('drizzle/0000_init.sql', 'drizzle', { source: path => sources[path] })

  it('lists each migration in its journal, later than the last one', () => {
    const { files } = written(own, INDEX, { ...INDEX, keys: ['id', 'author_id'] })
    const journal = JSON.parse(files['drizzle/meta/_journal.json'] ?? '{}') as {
      entries: { tag: string; when: number; idx: number }[]
    }
    expect(journal.entries.map(({ tag, when, idx }) => [idx, tag, when])).toEqual([
      [0, '0000_init', 1_900_000_000_000],
      [1, '0001_index_post_author_id_and_more', 1_900_000_000_001],
    ])
    const snapshot = JSON.parse(files['drizzle/meta/0001_snapshot.json'] ?? '{}') as { id: string; prevId: string }
    expect(snapshot.prevId).toBe('11111111-1111-4111-8111-111111111111')
    expect(snapshot.id).not.toBe(snapshot.prevId)
  })

  it('builds in the transaction that the tool opens, and says how to build without blocking before', () => {
    const { migrations, files } = written(own)
    expect(migrations[0]?.transactional).toBe(true)
    expect(
      files['drizzle/0001_index_post_author_id.sql'],
    ).toBe(`-- The tool runs this in a transaction, in which the build blocks writes to the table. On a big table run this first, by hand:
--   create index concurrently if not exists "Post_author_id_idx" on public."Post" (author_id);
-- The migration then finds the index and does nothing.
set lock_timeout = '5s';--> statement-breakpoint
create index if not exists "Post_author_id_idx" on public."Post" (author_id);--> statement-breakpoint
reset lock_timeout;
`)
  })

  it('goes back in a transaction as well', () => {
    const { files } = written(own)
    expect(files['drizzle/rollbacks/0001_index_post_author_id.sql']).toContain(
      '\ndrop index if exists public."Post_author_id_idx";\n',
    )
  })

  it('is left alone when its journal cannot be read', () => {
    const outcome = migrationsFor([INDEX], { ...own, source: () => undefined })
    expect(outcome).toEqual({ declined: 'drizzle/meta/_journal.json could not be read' })
  })
})

describe('other tools', () => {
  it('number their files as they did', () => {
    const { migrations } = written(context('db/migrations/007_posts.sql', 'other'))
    expect(migrations[0]?.up).toBe('db/migrations/008_index_post_author_id.sql')
    expect(migrations[0]?.down).toBe('db/rollbacks/008_index_post_author_id.sql')
  })

  it.each(['-- migrate:up\nselect 1;\n-- migrate:down\n', '-- +goose Up\nselect 1;\n-- +goose Down\n'])(
    'with the way back in the same file are declined',
    text => {
      const outcome = migrationsFor([INDEX], context('db/migrations/007_posts.sql', 'other', { source: () => text }))
      expect(outcome).toMatchObject({ declined: expect.stringContaining('format of their own') })
    },
  )

  it('need a folder to add to', () => {
    const own = context('x/1_a.sql', 'other')
    const outcome = migrationsFor([INDEX], { ...own, schema: { ...own.schema, migrations: [] } })
    expect(outcome).toMatchObject({ declined: expect.stringContaining('no migrations') })
  })
})

describe('wrapping', () => {
  it.each([
    ['auth.uid() = user_id', '(select auth.uid()) = user_id'],
    ['(select auth.uid()) = user_id', '(select auth.uid()) = user_id'],
    ['( SELECT auth.uid() AS uid) = user_id', '( SELECT auth.uid() AS uid) = user_id'],
    ["auth.jwt() ->> 'role' = 'admin'", "(select auth.jwt()) ->> 'role' = 'admin'"],
    [
      "owner = auth.uid()::text -- auth.uid()\n and note <> 'auth.uid()'",
      "owner = (select auth.uid())::text -- auth.uid()\n and note <> 'auth.uid()'",
    ],
    ['exists (select 1 from t where t.u = auth.uid())', 'exists (select 1 from t where t.u = (select auth.uid()))'],
    [
      "current_setting('app.tenant', true)::bigint = tenant",
      "(select current_setting('app.tenant', true))::bigint = tenant",
    ],
    ['current_setting(name) = value', 'current_setting(name) = value'],
    ['lower(auth.email()) = email', 'lower((select auth.email())) = email'],
  ])('%s', (before, after) => {
    expect(wrapCalls(before)).toBe(after)
    expect(wrapCalls(after)).toBe(after)
  })

  it('takes helpers that know nothing of the row', () => {
    const text = "private.is_admin() or has_role(auth.uid(), 'staff') or is_owner(id)"
    expect(wrapCalls(text, ['private.is_admin', 'has_role', 'is_owner'])).toBe(
      "(select private.is_admin()) or (select has_role(auth.uid(), 'staff')) or is_owner(id)",
    )
  })
})

describe('what needs a user', () => {
  it.each([
    ['auth.uid() = user_id', true],
    ['((select auth.uid()) = user_id and published)', true],
    ['( SELECT auth.uid() AS uid) = user_id', true],
    ['auth.uid() is not null', true],
    ["auth.role() = 'authenticated'", true],
    ['auth.uid() = user_id or published', false],
    ['auth.uid() is null or auth.uid() = user_id', false],
    ['user_id in (select auth.uid())', false],
    ["coalesce(auth.uid(), 'x') = user_id", false],
    ['is_admin()', false],
    ['true', false],
  ])('%s: %s', (text, expected) => {
    expect(needsUser(text)).toBe(expected)
  })
})
