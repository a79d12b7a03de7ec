import { NextResponse } from 'next/server'
import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

const query = z.object({ q: z.string().min(2).max(60) })

/** The CDN answers a repeated search for five minutes. */
export async function GET(request: Request) {
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!parsed.success) return NextResponse.json({ error: 'Type at least two letters' }, { status: 400 })
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('parts').select('name').textSearch('name', parsed.data.q).limit(5)
  if (error) return NextResponse.json({ error: 'Could not search' }, { status: 500 })
  return NextResponse.json(data, { headers: { 'Cache-Control': 'public, s-maxage=300, stale-while-revalidate=600' } })
}
