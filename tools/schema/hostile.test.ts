import { describe, expect, it } from 'vitest'
import { temporaryRepository } from '../code/temporary-repository.ts'
import { readSchema } from './index.ts'

const MIGRATION = { 'supabase/migrations/20250101000000_first.sql': 'create table posts (id int primary key);\n' }
const DRIZZLE = "import { pgTable, integer } from 'drizzle-orm/pg-core'\n"

const HOSTILE: [string, Record<string, string | Buffer>][] = [
  [
    'a journal nested without end',
    {
      'drizzle/0000_a.sql': 'create table a (id int);',
      'drizzle/meta/_journal.json': `{"entries":${'['.repeat(200_000)}`,
    },
  ],
  [
    'a journal of nulls',
    {
      'drizzle/0000_a.sql': 'create table a (id int);',
      'drizzle/meta/_journal.json': '{"entries":[null,1,"x",{"idx":0,"tag":{}}]}',
    },
  ],
  [
    'a Drizzle schema of parentheses',
    {
      'db/schema.ts': `${DRIZZLE}export const t = pgTable('t', { id: ${'('.repeat(50_000)}1${')'.repeat(50_000)} })\n`,
    },
  ],
  [
    'a Drizzle schema of calls',
    { 'db/schema.ts': `${DRIZZLE}export const t = pgTable('t', { id: integer()${'.a()'.repeat(50_000)} })\n` },
  ],
  [
    'a Drizzle schema of sums',
    { 'db/schema.ts': `${DRIZZLE}export const t = pgTable('t' ${"+ 'x'".repeat(50_000)}, {})\n` },
  ],
  [
    'generated types nested without end',
    {
      'types/database.types.ts': `export type Database = { public: { Tables: { a: { Row: ${'{ a: '.repeat(20_000)}1${' }'.repeat(20_000)} } } } }\n`,
    },
  ],
  [
    'a Prisma schema without an end',
    { 'prisma/schema.prisma': `model A {\n${'  a String @default(('.repeat(20_000)}` },
  ],
  ['a Prisma schema of one line', { 'prisma/schema.prisma': `model A { ${'id Int @id '.repeat(50_000)} }\n` }],
  [
    'SQL of parentheses',
    {
      'supabase/migrations/20250102000000_deep.sql': `select ${'('.repeat(50_000)}1${')'.repeat(50_000)};\ncreate table b (id int);`,
    },
  ],
  ['SQL of quotes', { 'supabase/migrations/20250102000000_quotes.sql': `${"'".repeat(100_001)}` }],
  ['SQL of dollars', { 'supabase/migrations/20250102000000_dollars.sql': `${'$a$ $b$ '.repeat(50_000)}` }],
  ['SQL of comments', { 'supabase/migrations/20250102000000_comments.sql': `${'/*'.repeat(100_000)}` }],
  ['SQL of semicolons', { 'supabase/migrations/20250102000000_ends.sql': ';'.repeat(200_000) }],
  ['SQL of nothing but statements', { 'supabase/migrations/20250102000000_many.sql': 'select 1;\n'.repeat(20_000) }],
  [
    'SQL in UTF-16',
    { 'supabase/migrations/20250102000000_wide.sql': Buffer.from('\ufeffcreate table wide (id int);', 'utf16le') },
  ],
  ['SQL with NUL', { 'supabase/migrations/20250102000000_nul.sql': 'create table n\u0000 (id int);' }],
  [
    'a table with names of Object.prototype',
    {
      'supabase/migrations/20250102000000_proto.sql':
        'create table __proto__ (constructor int, "toString" int); alter table constructor add column x int;',
    },
  ],
]

describe('a repository with hostile schema files', () => {
  it.each(HOSTILE)('reads the rest beside %s', async (_what, files) => {
    const schema = await readSchema({ root: temporaryRepository({ ...MIGRATION, ...files }) })
    expect(schema?.tables.map(({ name }) => name)).toContain('posts')
  })

  it('names the files that it could not read, and reads those beside them', async () => {
    const good = `${DRIZZLE}export const good = pgTable('good', { id: integer('id') })\n`
    const bad = `${DRIZZLE}export const bad = pgTable('bad', { id: ${'('.repeat(50_000)}1${')'.repeat(50_000)} })\n`
    const schema = await readSchema({
      root: temporaryRepository({ 'db/schema/good.ts': good, 'db/schema/bad.ts': bad }),
    })
    expect(schema?.tables.map(({ name }) => name)).toEqual(['good'])
    expect(schema?.problems).toEqual([
      { location: { file: 'db/schema/bad.ts', line: 1 }, message: 'skipped: nested too deeply to read' },
    ])
  })
})
