import { NextResponse } from 'next/server'
import { clientAddress } from '@/lib/rate-limit'
import { searchSchema } from '@/lib/schemas/part'
import { allowSearch } from '@/lib/search-limit'
import { createPublicClient } from '@/lib/supabase/public'

export async function GET(request: Request) {
  const query = searchSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) return NextResponse.json({ error: 'Type at least two letters.' }, { status: 400 })
  if (!(await allowSearch(await clientAddress()))) {
    return NextResponse.json({ error: 'Too many searches.' }, { status: 429 })
  }

  const supabase = createPublicClient()
  const { data, error } = await supabase.rpc('search_parts', { term: query.data.q, sort_by: query.data.sort })
  if (error) return NextResponse.json({ error: error.message, details: error.details }, { status: 500 })

  const parts = data.map(({ id, slug, name, brand, price_cents }) => ({ id, slug, name, brand, price_cents }))
  return NextResponse.json({ parts })
}
