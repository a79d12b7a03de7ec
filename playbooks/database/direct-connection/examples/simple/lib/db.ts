import { Pool } from 'pg'

export const pool = new Pool({ // expect: database/direct-connection
  connectionString: `postgresql://postgres:${process.env.DB_PASSWORD}@db.abcdefghijklmnopqrst.supabase.co:5432/postgres`,
})
