import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'

/** Row-level security shows them the document, or it does not: only then are its jobs read. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { supabase } = await requireUser()
  const { id } = await params
  const { data: document } = await supabase.from('documents').select('id').eq('id', id).maybeSingle()
  if (!document) return NextResponse.json({ error: 'Not found' }, { status: 404 })
  const { data, error } = await createAdminClient().from('jobs').select('state').eq('document_id', id).limit(1).maybeSingle()
  if (error) return NextResponse.json({ error: 'Could not load the job' }, { status: 500 })
  return NextResponse.json(data)
}
