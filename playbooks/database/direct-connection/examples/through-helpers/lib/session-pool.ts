import { Pool, type PoolConfig } from 'pg'

const config: PoolConfig = {
  host: 'aws-0-eu-central-1.pooler.supabase.com',
  port: 5432,
  user: 'postgres.abcdefghijklmnopqrst',
  password: process.env.DB_PASSWORD,
  database: 'postgres',
}
config.max = 3

let pool: Pool | undefined

/** One pool per instance, but in session mode: every instance holds its connections. */
export function sessionPool(): Pool {
  pool ??= new Pool(config) // expect: database/direct-connection
  return pool
}
