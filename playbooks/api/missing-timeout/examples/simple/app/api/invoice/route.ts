import { NextResponse } from 'next/server'
import { requireUser } from '@/lib/auth'

export async function GET() {
  const { user } = await requireUser()
  const response = await fetch(`https://billing.example.com/v1/invoices?customer=${user.id}`, { // expect: api/missing-timeout
    headers: { authorization: `Bearer ${process.env.BILLING_KEY}` },
  })
  if (!response.ok) return NextResponse.json({ error: 'Could not load the invoices' }, { status: 502 })
  return NextResponse.json(await response.json())
}
