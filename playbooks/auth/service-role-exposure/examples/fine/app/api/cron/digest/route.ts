import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'

export async function GET(request: Request) {
  const secret = process.env.CRON_SECRET
  if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) return new NextResponse(null, { status: 401 })
  const { data, error } = await createAdminClient().from('profiles').select('id').eq('digest', true).order('id').limit(500)
  if (error) return new NextResponse(null, { status: 500 })
  return NextResponse.json({ due: data.length })
}
