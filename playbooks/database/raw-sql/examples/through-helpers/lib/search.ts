import { sql as query } from 'drizzle-orm'
import { db, sql } from './db'

export interface Search {
  name: string
  brand?: string
}

function conditions({ name, brand }: Search): string {
  const parts = [`name = '${name}'`]
  if (brand) parts.push("brand = '" + brand + "'")
  return parts.join(' and ')
}

export async function find(search: Search) {
  const text = 'select id, name from parts where ' + conditions(search) + ' limit 20'
  return sql.unsafe(text) // expect: database/raw-sql
}

export async function newest(column: string) {
  return db.execute(query`select id, name from parts order by ${query.raw(column)} desc limit 20`) // expect: database/raw-sql
}
