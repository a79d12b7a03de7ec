import { Pool } from 'pg'

/** A server that lives for days may hold its ten connections: there is one of it. */
export const pool = new Pool({
  connectionString: `postgresql://postgres:${process.env.DB_PASSWORD}@db.abcdefghijklmnopqrst.supabase.co:5432/postgres`,
  max: 10,
})
