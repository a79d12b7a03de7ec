import { NextResponse } from 'next/server'
import { popularParts } from '@/lib/db/reports'
import { logError } from '@/lib/log'
import { allowRequest, clientAddress } from '@/lib/rate-limit'
import { popularPartsSchema } from '@/lib/schemas/part'

export async function GET(request: Request) {
  const query = popularPartsSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) return NextResponse.json({ error: 'Name a category.' }, { status: 400 })
  if (!(await allowRequest('report', await clientAddress()))) {
    return NextResponse.json({ error: 'Too many requests.' }, { status: 429 })
  }

  try {
    const parts = await popularParts(query.data.category, query.data.sort)
    return NextResponse.json({ parts }, { headers: { 'Cache-Control': 'public, s-maxage=600' } })
  } catch (error) {
    logError('popular-parts', error)
    return NextResponse.json({ error: 'The list is not available.' }, { status: 503 })
  }
}
