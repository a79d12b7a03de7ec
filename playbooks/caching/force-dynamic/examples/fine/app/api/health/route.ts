import { NextResponse } from 'next/server'

export const dynamic = 'force-dynamic'

/** A probe must run, and costs nothing. */
export function GET() {
  return NextResponse.json({ ok: true, at: new Date().toISOString() })
}
