import { NextResponse } from 'next/server'
import { createPublicClient } from '@/lib/supabase/public'

export const dynamic = 'force-dynamic'

/** The function runs on demand, and the CDN keeps its answer for five minutes. */
export async function GET() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('releases').select('version').order('id', { ascending: false }).limit(1)
  if (error) return NextResponse.json({ error: 'Could not load the version' }, { status: 500 })
  return NextResponse.json(data[0], { headers: { 'Cache-Control': 'public, s-maxage=300, stale-while-revalidate=60' } })
}
