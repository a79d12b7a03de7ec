import { NextResponse } from 'next/server'
import { z } from 'zod'
import { requireUser } from '@/lib/auth'
import { textOf } from '@/lib/result'

const orders = z.array(z.object({ reference: z.string().max(40), total_cents: z.number().int().min(0) })).max(500)

export async function POST(request: Request) {
  const { supabase, user } = await requireUser()
  const rows = orders.parse(await request.json())
  const problems: string[] = []
  const { error } = await supabase.from('orders').insert(rows.map(row => ({ ...row, user_id: user.id })))
  if (error) {
    problems.push(`import: ${error.message}`) // expect: api/error-leak
  }
  return NextResponse.json({ imported: rows.length - problems.length, problems })
}

export async function PUT() {
  const { supabase, user } = await requireUser()
  try {
    const { error } = await supabase.from('orders').update({ status: 'open' }).eq('user_id', user.id).eq('status', 'draft')
    if (error) throw error
    return NextResponse.json({ ok: true })
  } catch (error) {
    console.error(error)
    return NextResponse.json({ ok: false, reason: textOf(error) }, { status: 500 }) // expect: api/error-leak
  }
}
