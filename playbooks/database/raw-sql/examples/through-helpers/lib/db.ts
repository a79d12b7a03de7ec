import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

export const sql = postgres(process.env.DATABASE_URL!, { prepare: false, max: 5 })
export const db = drizzle(sql)
