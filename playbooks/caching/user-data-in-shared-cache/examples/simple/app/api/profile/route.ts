import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

/** The CDN gives the first visitor's profile to the next one. */
export async function GET() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('profiles').select('name, email').eq('id', user.id).single()
  if (error) return NextResponse.json({ error: 'Could not load the profile' }, { status: 500 })
  return NextResponse.json(data, { headers: { 'Cache-Control': 'public, s-maxage=60' } }) // expect: caching/user-data-in-shared-cache
}
