import { NextResponse } from 'next/server'
import { Client } from 'pg'
import { requireUser } from '@/lib/auth'

export async function GET() {
  const { user } = await requireUser()
  // A connection is opened, authenticated and closed for every request.
  const client = new Client({ connectionString: process.env.DATABASE_URL }) // expect: database/direct-connection
  await client.connect()
  try {
    const { rows } = await client.query('select total_cents from reports where user_id = $1 order by id desc limit 12', [user.id])
    return NextResponse.json(rows)
  } finally {
    await client.end()
  }
}
