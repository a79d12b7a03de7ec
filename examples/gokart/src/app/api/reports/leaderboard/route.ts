import { NextResponse } from 'next/server'
import { Pool } from 'pg'
import { z } from 'zod'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'

const querySchema = z.object({ country: z.string().regex(/^[A-Z]{2}$/) })

export async function GET(request: Request) {
  const query = querySchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) return NextResponse.json({ error: 'Name a country, such as IE.' }, { status: 400 })
  if (!(await allowRequest('report', await clientAddress()))) {
    return NextResponse.json({ error: 'Too many requests.' }, { status: 429 })
  }

  const pool = new Pool({
    connectionString: process.env.DIRECT_URL,
    connectionTimeoutMillis: 3_000,
    query_timeout: 5_000,
  })
  try {
    const { rows } = await pool.query(
      `select username, display_name, build_count::int, like_count::int
       from builder_ranking
       where country = $1
       order by like_count desc
       limit 25`,
      [query.data.country],
    )
    return NextResponse.json({ builders: rows }, { headers: { 'Cache-Control': 'public, s-maxage=600' } })
  } catch (error) {
    logError('leaderboard', error)
    return NextResponse.json({ error: 'The ranking is not available.' }, { status: 503 })
  } finally {
    await pool.end()
  }
}
