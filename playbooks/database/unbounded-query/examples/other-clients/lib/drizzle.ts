import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema'

export const sql = postgres(process.env.DATABASE_URL!, { prepare: false, max: 5 })
export const db = drizzle(sql, { schema })
