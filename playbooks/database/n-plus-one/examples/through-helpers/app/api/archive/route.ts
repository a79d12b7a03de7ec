import { NextResponse } from 'next/server'
import { prisma } from '@/lib/prisma'
import { archive } from '@/lib/teams'

/** A scheduled job: no user waits, but the database does the work all the same. */
export async function GET(request: Request) {
  const secret = process.env.CRON_SECRET
  if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) return new NextResponse(null, { status: 401 })
  const idle = await prisma.team.findMany({ where: { idle: true }, select: { id: true }, take: 200 })
  await archive(idle.map(team => team.id))
  return NextResponse.json({ ok: true })
}
