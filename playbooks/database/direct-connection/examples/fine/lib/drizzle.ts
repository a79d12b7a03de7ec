import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

const url = `postgres://postgres.abcdefghijklmnopqrst:${process.env.DB_PASSWORD}@aws-0-eu-central-1.pooler.supabase.com:6543/postgres`

export const db = drizzle(postgres(url, { prepare: false, max: 5 }))
