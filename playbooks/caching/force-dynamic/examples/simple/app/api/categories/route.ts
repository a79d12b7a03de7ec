import { NextResponse } from 'next/server'
import { createPublicClient } from '@/lib/supabase/public'

export const dynamic = 'force-dynamic' // expect: caching/force-dynamic

export async function GET() {
  const supabase = createPublicClient()
  const { data, error } = await supabase.from('categories').select('id, name').order('name').limit(100)
  if (error) return NextResponse.json({ error: 'Could not load categories' }, { status: 500 })
  return NextResponse.json(data)
}
