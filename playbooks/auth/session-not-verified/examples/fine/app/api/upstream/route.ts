import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/user'

/** The user is verified first; the session only lends its token to another service. */
export async function GET() {
  const { supabase } = await requireUser()
  const {
    data: { session },
  } = await supabase.auth.getSession()
  const response = await fetch('https://files.example.com/mine', {
    signal: AbortSignal.timeout(5000),
    headers: { authorization: `Bearer ${session?.access_token}` },
  })
  if (!response.ok) return NextResponse.json({ error: 'Could not list files' }, { status: 502 })
  return NextResponse.json(await response.json())
}
