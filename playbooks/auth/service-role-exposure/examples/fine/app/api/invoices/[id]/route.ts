import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'

/** Loaded first, and compared with the session before anything is answered. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const { user } = await requireUser()
  const supabase = createAdminClient()
  const { data: invoice, error } = await supabase.from('invoices').select('number, user_id').eq('id', id).maybeSingle()
  if (error) return NextResponse.json({ error: 'Could not load the invoice' }, { status: 500 })
  if (!invoice || invoice.user_id !== user.id) return NextResponse.json({ error: 'Not found' }, { status: 404 })
  return NextResponse.json({ number: invoice.number })
}
