import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

/** Whether a name is taken is all that is told, and the pattern keeps it short. */
export async function GET(request: Request) {
  const name = new URL(request.url).searchParams.get('name') ?? ''
  if (!/^[a-z0-9-]{1,40}$/.test(name)) return new NextResponse(null, { status: 400 })
  const { data } = await createAdminClient().from('stores').select('id').eq('name', name).maybeSingle()
  return NextResponse.json({ free: !data })
}
