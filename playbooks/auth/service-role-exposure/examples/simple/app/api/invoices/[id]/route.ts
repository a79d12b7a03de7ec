import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'

/** Signed in, but as whom? Row level security is off for this client, and nothing compares the owner. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  await requireUser()
  const { id } = await params
  const supabase = createAdminClient() // expect: auth/service-role-exposure
  const { data, error } = await supabase.from('invoices').select('number, total_cents').eq('id', id).maybeSingle()
  if (error) return NextResponse.json({ error: 'Could not load the invoice' }, { status: 500 })
  if (!data) return NextResponse.json({ error: 'Not found' }, { status: 404 })
  return NextResponse.json(data)
}
