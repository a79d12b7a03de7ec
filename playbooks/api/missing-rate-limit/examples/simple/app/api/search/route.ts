import { NextResponse } from 'next/server'
import { z } from 'zod'
import { createPublicClient } from '@/lib/supabase/public'

const query = z.object({ q: z.string().min(2).max(60) })

/** Every letter that a stranger types scans the table. */
export async function GET(request: Request) { // expect: api/missing-rate-limit
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!parsed.success) return NextResponse.json({ error: 'Type at least two letters' }, { status: 400 })
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('parts').select('id, name').ilike('name', `%${parsed.data.q}%`).limit(20)
  if (error) return NextResponse.json({ error: 'Could not search' }, { status: 500 })
  return NextResponse.json(data)
}
