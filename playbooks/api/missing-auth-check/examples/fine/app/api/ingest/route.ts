import { createHash } from 'node:crypto'
import { NextResponse } from 'next/server'
import { z } from 'zod'
import { createAdminClient } from '@/lib/supabase/admin'

const event = z.object({ name: z.string().max(80) })

/** Authenticated by an API key, whose hash is looked up. */
export async function POST(request: Request) {
  const key = request.headers.get('x-api-key')
  if (!key) return NextResponse.json({ error: 'An API key is required' }, { status: 401 })
  const supabase = createAdminClient()
  const hash = createHash('sha256').update(key).digest('hex')
  const { data: apiKey } = await supabase.from('api_keys').select('owner_id').eq('key_hash', hash).maybeSingle()
  if (!apiKey) return NextResponse.json({ error: 'Unknown API key' }, { status: 401 })
  const { name } = event.parse(await request.json())
  const { error } = await supabase.from('events').insert({ name, owner_id: apiKey.owner_id })
  if (error) return NextResponse.json({ error: 'Could not record the event' }, { status: 500 })
  return NextResponse.json({ ok: true })
}
