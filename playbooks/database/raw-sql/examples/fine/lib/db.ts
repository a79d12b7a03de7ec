import { PrismaClient } from '@prisma/client'
import { sql as fragment } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { Pool } from 'pg'
import postgres from 'postgres'

const sql = postgres(process.env.DATABASE_URL!, { prepare: false, max: 5 })
const db = drizzle(sql)
const prisma = new PrismaClient()
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 5 })

/** Looks like interpolation; is a bound parameter. */
export function bySlug(slug: string) {
  return sql`select id, name from parts where slug = ${slug} limit 1`
}

export function withPrisma(slug: string) {
  return prisma.$queryRaw`select id, name from parts where slug = ${slug} limit 1`
}

export function withDrizzle(slug: string) {
  return db.execute(fragment`select id, name from parts where slug = ${slug} limit 1`)
}

/** "Unsafe" by name, but the value is bound. */
export function withParameters(slug: string) {
  return prisma.$queryRawUnsafe('select id, name from parts where slug = $1 limit 1', slug)
}

const ORDER = { name: 'name asc', price: 'price_cents desc' } as const
export type Order = keyof typeof ORDER

/** An identifier cannot be a parameter: it is picked from a list of our own. */
export async function sorted(order: Order, brand: string) {
  const { rows } = await pool.query(`select id, name from parts where brand = $1 order by ${ORDER[order]} limit 20`, [brand])
  return rows
}

const TABLE = 'parts'

export async function newest() {
  const { rows } = await pool.query(`select id, name from ${TABLE} order by created_at desc limit 10`)
  return rows
}

export async function anyOf(ids: string[]) {
  const placeholders = ids.map((_, index) => `$${index + 1}`).join(', ')
  const { rows } = await pool.query(`select id, name from parts where id in (${placeholders}) limit 50`, ids)
  return rows
}

export function describe(slug: string): string {
  return `select the part ${slug}`
}
