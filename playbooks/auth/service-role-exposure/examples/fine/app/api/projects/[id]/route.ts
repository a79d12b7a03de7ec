import { NextResponse } from 'next/server'
import { canRead } from '@/lib/access'
import { requireUser } from '@/lib/auth'
import { createAdminClient } from '@/lib/supabase/admin'

export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const { user } = await requireUser()
  if (!(await canRead(user.id, id))) return NextResponse.json({ error: 'Not found' }, { status: 404 })
  const supabase = createAdminClient()
  const { data, error } = await supabase.from('projects').select('name, status').eq('id', id).single()
  if (error) return NextResponse.json({ error: 'Could not load the project' }, { status: 500 })
  return NextResponse.json(data)
}
