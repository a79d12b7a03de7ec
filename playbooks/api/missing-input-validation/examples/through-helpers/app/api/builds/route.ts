import { NextResponse } from 'next/server'
import { saveBuild } from '@/lib/builds-repository'
import { hasFields, withUser } from '@/lib/http'

/** Present is not valid. */
export const POST = withUser(async (request, { supabase, user }) => { // expect: api/missing-input-validation
  const body = await request.json()
  if (!hasFields(body, ['title'])) return NextResponse.json({ error: 'title is required' }, { status: 400 })
  const build = await saveBuild(supabase, user.id, body)
  return NextResponse.json(build, { status: 201 })
})

/** A filter is text for PostgREST to parse: a comma in the term adds a condition. */
export const GET = withUser(async (request, { supabase, user }) => { // expect: api/missing-input-validation
  const term = new URL(request.url).searchParams.get('q') ?? ''
  let query = supabase.from('builds').select('id, title').eq('owner_id', user.id)
  if (term) query = query.or(`title.eq.${term},notes.eq.${term}`)
  const { data, error } = await query.order('id').limit(20)
  if (error) return NextResponse.json({ error: 'Could not search' }, { status: 500 })
  return NextResponse.json(data)
})
