import { NextResponse } from 'next/server'
import { createAdminClient } from '@/lib/supabase/admin'
import { withUser } from '@/lib/with-user'

/** Everything that we keep about whoever asks, moderation entries included, which members cannot read themselves. */
export const GET = withUser(async (_request, user) => {
  const supabase = createAdminClient()
  const [profile, log] = await Promise.all([
    supabase
      .from('profiles')
      .select('username, display_name, bio, country, created_at')
      .eq('id', user.id)
      .maybeSingle(),
    supabase
      .from('admin_log')
      .select('action, created_at')
      .eq('subject', user.id)
      .order('created_at', { ascending: false })
      .limit(100),
  ])
  if (profile.error || log.error) throw new Error('account export failed')

  return NextResponse.json(
    { email: user.email, profile: profile.data, moderation: log.data },
    { headers: { 'Content-Disposition': 'attachment; filename="account.json"', 'Cache-Control': 'private, no-store' } },
  )
})
