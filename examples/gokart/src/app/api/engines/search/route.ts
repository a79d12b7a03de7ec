import { NextResponse } from 'next/server'
import { searchEngines } from '@/lib/data/engines'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'
import { searchSchema } from '@/lib/schemas/part'

export async function GET(request: Request) {
  const query = searchSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) return NextResponse.json({ error: 'Type at least two letters.' }, { status: 400 })
  if (!(await allowRequest('read', await clientAddress()))) {
    return NextResponse.json({ error: 'Too many searches.' }, { status: 429 })
  }

  try {
    const found = await searchEngines(query.data.q)
    const engines = found.map(({ slug, name, brand, power_hp }) => ({ slug, name, brand, power_hp }))
    return NextResponse.json({ engines }, { headers: { 'Cache-Control': 'public, s-maxage=300' } })
  } catch (error) {
    logError('engine-search', error)
    return NextResponse.json({ error: 'The search is not available.' }, { status: 503 })
  }
}
