import { defineConfig } from 'drizzle-kit'

/** Migrations run from a laptop or CI and need a session: the direct connection is right here. */
export default defineConfig({
  dialect: 'postgresql',
  out: './drizzle',
  dbCredentials: { url: `postgres://postgres:${process.env.DB_PASSWORD}@db.abcdefghijklmnopqrst.supabase.co:5432/postgres` },
})
