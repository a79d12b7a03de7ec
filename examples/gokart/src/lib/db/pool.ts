import 'server-only'
import { Pool } from 'pg'
import { serverEnv } from '@/lib/env'

let pool: Pool | undefined

/** The pool of this instance, through the transaction pooler (port 6543). */
export function reportPool(): Pool {
  pool ??= new Pool({
    connectionString: serverEnv('DATABASE_URL'),
    max: 2,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 3_000,
    query_timeout: 5_000,
  })
  return pool
}
