import { describe, expect, it } from 'vitest'
import { accessesOf } from './model-of.ts'

describe('Drizzle', () => {
  const files = {
    'lib/schema.ts': `import { pgTable, uuid, text } from 'drizzle-orm/pg-core'
      export const parts = pgTable('parts', { id: uuid('id').primaryKey(), ownerId: uuid('owner_id'), name: text() })`,
    'lib/db.ts': `import { drizzle } from 'drizzle-orm/postgres-js'
      import postgres from 'postgres'
      export const db = drizzle(postgres(process.env.DATABASE_URL!))`,
  }
  const imports =
    "import { and, count, eq, sql } from 'drizzle-orm'\nimport { db } from '@/lib/db'\nimport { parts } from '@/lib/schema'\n"

  it('selects, counts and bounds', async () => {
    const list = await accessesOf(
      `${imports}export async function run(owner) {
        await db.select().from(parts).where(and(eq(parts.ownerId, owner), eq(parts.name, 'x'))).limit(20)
        const [n] = await db.select({ n: count() }).from(parts)
        await db.query.parts.findFirst({ where: (p, { eq }) => eq(p.id, owner) })
        await db.query.parts.findMany({ with: { builds: true } })
      }`,
      files,
    )
    expect(list.map(a => [a.client, a.table, a.operation, a.role])).toEqual(
      Array.from({ length: 4 }, () => ['drizzle', 'parts', 'select', 'service']),
    )
    expect(list.map(a => a.shapes[0])).toMatchObject([
      {
        limit: { value: 20 },
        filters: [
          { column: 'owner_id', op: 'eq' },
          { column: 'name', constant: true },
        ],
      },
      { aggregate: true, limit: undefined },
      { single: 'maybe', filters: [{ column: 'id' }] },
      { embeds: [{ table: 'builds' }], single: undefined },
    ])
  })

  it('writes, transactions and dynamic queries', async () => {
    const list = await accessesOf(
      `${imports}export async function run(rows, onlyMine) {
        await db.transaction(async tx => {
          await tx.insert(parts).values(rows).onConflictDoNothing()
          await tx.update(parts).set({ name: 'a' }).where(eq(parts.id, rows[0].id)).returning()
        })
        let query = db.select().from(parts).$dynamic()
        if (onlyMine) query = query.where(eq(parts.ownerId, onlyMine))
        await query
        await db.execute(sql.raw('select ' + onlyMine))
      }`,
      files,
    )
    expect(list.map(a => [a.operation, a.table])).toEqual([
      ['upsert', 'parts'],
      ['update', 'parts'],
      ['select', 'parts'],
      ['raw', null],
    ])
    expect(list[2]!.shapes.map(s => s.filters.length).sort()).toEqual([0, 1])
    expect(list[3]!.shapes[0]!.raw?.meta?.inp).toEqual([{ ref: 'arg1' }])
  })
})

describe('Prisma', () => {
  it('reads and writes', async () => {
    const list = await accessesOf(
      `import { prisma } from '@/lib/prisma'
      export async function run(id, data) {
        await prisma.part.findMany({ where: { ownerId: id, name: { contains: 'x' } }, take: 20, include: { builds: { take: 5 } } })
        await prisma.part.findUnique({ where: { id } })
        await prisma.part.count()
        await prisma.$transaction(async tx => { await tx.build.createMany({ data }) })
        await prisma.$queryRaw\`select * from parts where id = \${id}\`
        await prisma.$queryRawUnsafe('select * from parts where id = ' + id)
      }`,
      {
        'lib/prisma.ts': `import { PrismaClient } from '@prisma/client'
          const globals = globalThis as { prisma?: PrismaClient }
          export const prisma = globals.prisma ?? new PrismaClient()
          if (process.env.NODE_ENV !== 'production') globals.prisma = prisma`,
      },
    )
    expect(list.map(a => [a.table, a.operation])).toEqual([
      ['part', 'select'],
      ['part', 'select'],
      ['part', 'select'],
      ['build', 'insert'],
      ['parts', 'select'],
      ['parts', 'select'],
    ])
    expect(list.map(a => a.shapes[0])).toMatchObject([
      {
        limit: { value: 20 },
        embeds: [{ table: 'builds', limited: true }],
        filters: [{ column: 'ownerId' }, { column: 'name' }],
      },
      { single: 'maybe' },
      { aggregate: true },
      {},
      { raw: undefined },
      { raw: { meta: { inp: [{ ref: 'arg0' }] } } },
    ])
  })
})

describe('SQL drivers', () => {
  it('postgres.js: parameters, unsafe text and transactions', async () => {
    const list = await accessesOf(
      `import { sql } from '@/lib/sql'
      export async function run(id, order) {
        await sql\`select * from parts where id = \${id} limit 10\`
        await sql.begin(async tx => { await tx\`insert into builds (name) values (\${id})\` })
        await sql.unsafe('select * from parts order by ' + order)
      }`,
      { 'lib/sql.ts': "import postgres from 'postgres'\nexport const sql = postgres(process.env.DATABASE_URL!)" },
    )
    expect(list.map(a => [a.client, a.table, a.operation])).toEqual([
      ['postgres.js', 'parts', 'select'],
      ['postgres.js', 'builds', 'insert'],
      ['postgres.js', 'parts', 'select'],
    ])
    expect(list[0]!.shapes[0]).toMatchObject({ raw: undefined, filters: [{ column: 'id', op: 'eq' }] })
    expect(list[0]!.shapes[0]!.limit).toBeDefined()
    expect(list[2]!.shapes[0]!.raw?.meta?.inp).toEqual([{ ref: 'arg1' }])
  })

  it('pg: a query with values and one with text put together', async () => {
    const list = await accessesOf(
      `import { pool } from '@/lib/pool'
      export async function run(id, name) {
        await pool.query('select * from parts where id = $1', [id])
        const client = await pool.connect()
        await client.query(\`delete from parts where name = '\${name}'\`)
      }`,
      {
        'lib/pool.ts':
          "import { Pool } from 'pg'\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL })",
      },
    )
    expect(list.map(a => [a.client, a.table, a.operation])).toEqual([
      ['pg', 'parts', 'select'],
      ['pg', 'parts', 'delete'],
    ])
    expect(list[0]!.shapes[0]!.raw).toBeUndefined()
    expect(list[1]!.shapes[0]!.raw?.meta?.inp).toEqual([{ ref: 'arg1' }])
  })
})
