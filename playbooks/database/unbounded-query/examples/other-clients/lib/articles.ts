import { desc, eq } from 'drizzle-orm'
import { db, sql } from './drizzle'
import { pool } from './pool'
import { prisma } from './prisma'
import { articles } from './schema'

export async function newest() {
  return db.select({ id: articles.id, title: articles.title }).from(articles).orderBy(desc(articles.createdAt)) // expect: database/unbounded-query
}

export async function inSection(section: string) {
  return db.query.articles.findMany({ where: eq(articles.section, section) }) // expect: database/unbounded-query
}

export async function titles() {
  return prisma.article.findMany({ select: { title: true }, orderBy: { title: 'asc' } }) // expect: database/unbounded-query
}

export async function slugs() {
  return sql`select slug from articles order by created_at desc` // expect: database/unbounded-query
}

export async function sections(section: string) {
  const { rows } = await pool.query('select id, title from articles where section = $1', [section]) // expect: database/unbounded-query
  return rows
}

// The correct twins of the five above.

export async function newestTen() {
  return db.select({ id: articles.id }).from(articles).orderBy(desc(articles.createdAt)).limit(10)
}

export async function bySlug(slug: string) {
  return db.select().from(articles).where(eq(articles.slug, slug))
}

export async function firstInSection(section: string) {
  return db.query.articles.findFirst({ where: eq(articles.section, section) })
}

export async function titlesOf(count: number) {
  return prisma.article.findMany({ select: { title: true }, take: Math.min(count, 50) })
}

export async function one(slug: string) {
  return prisma.article.findUnique({ where: { slug } })
}

export async function newestSlugs() {
  return sql`select slug from articles order by created_at desc limit ${20}`
}

export async function byId(id: string) {
  const { rows } = await pool.query('select id, title from articles where id = $1', [id])
  return rows[0]
}
