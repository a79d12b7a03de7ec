import { Pool } from 'pg'

let pool: Pool | undefined

/** Made at the first use and kept. node-postgres prepares nothing unless a query has a name. */
export function getPool(): Pool {
  pool ??= new Pool({
    host: 'aws-0-eu-central-1.pooler.supabase.com',
    port: 6543,
    user: 'postgres.abcdefghijklmnopqrst',
    password: process.env.DB_PASSWORD,
    database: 'postgres',
    max: 5,
  })
  return pool
}
