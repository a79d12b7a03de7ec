import { NextResponse } from 'next/server'
import { getProfile } from '@/lib/data/profiles'
import { createClient } from '@/lib/supabase/server'
import { withUser } from '@/lib/with-user'

export const GET = withUser(async (_request, user) => {
  const profile = await getProfile(user.id)
  const supabase = await createClient()
  const { data } = await supabase.auth.getSession()
  return NextResponse.json(
    {
      name: profile?.display_name ?? 'Racer',
      admin: profile?.role === 'admin',
      expiresAt: data.session?.expires_at ?? null,
    },
    { headers: { 'Cache-Control': 'private, no-store' } },
  )
})
