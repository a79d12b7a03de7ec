import { NextResponse } from 'next/server'
import { listSavedParts } from '@/lib/data/garage'
import { withUser } from '@/lib/with-user'

export const GET = withUser(async (_request, user) => {
  const items = await listSavedParts(user.id)
  return NextResponse.json(
    { items },
    { headers: { 'Cache-Control': 'public, s-maxage=60, stale-while-revalidate=300' } },
  )
})
