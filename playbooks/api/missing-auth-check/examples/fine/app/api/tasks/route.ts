import { NextResponse } from 'next/server'
import { z } from 'zod'
import { sessionOr401, withAuth } from '@/lib/guards'
import { createClient } from '@/lib/supabase/server'

const task = z.object({ body: z.string().min(1).max(2000) })

export const POST = withAuth(async (request, { supabase, user }) => {
  const { body } = task.parse(await request.json())
  const { error } = await supabase.from('tasks').insert({ body, user_id: user.id })
  if (error) return NextResponse.json({ error: 'Could not save the task' }, { status: 500 })
  return NextResponse.json({ ok: true })
})

export async function DELETE(request: Request) {
  const result = await sessionOr401()
  if ('response' in result) return result.response
  const id = z.uuid().parse(new URL(request.url).searchParams.get('id'))
  const supabase = await createClient()
  const { error } = await supabase.from('tasks').delete().eq('id', id).eq('user_id', result.session.id)
  if (error) return NextResponse.json({ error: 'Could not delete the task' }, { status: 500 })
  return NextResponse.json({ ok: true })
}
