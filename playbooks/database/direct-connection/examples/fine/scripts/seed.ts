import postgres from 'postgres'

async function seed() {
  const sql = postgres(`postgres://postgres:${process.env.DB_PASSWORD}@db.abcdefghijklmnopqrst.supabase.co:5432/postgres`)
  await sql`insert into plans (user_id, name) values (gen_random_uuid(), 'free')`
  await sql.end()
}

seed()
