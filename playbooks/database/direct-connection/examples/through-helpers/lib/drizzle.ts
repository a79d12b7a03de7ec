import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

const TRANSACTION_POOLER = `postgres://postgres.abcdefghijklmnopqrst:${process.env.DB_PASSWORD}@aws-0-eu-central-1.pooler.supabase.com:6543/postgres`

// The driver prepares statements by default; the transaction pooler hands each transaction another connection.
const connection = postgres(TRANSACTION_POOLER, { max: 5 }) // expect: database/direct-connection

export const db = drizzle(connection)
