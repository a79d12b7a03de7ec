'use client'

import { adminClient } from '@/lib/supabase/browser-admin'

export function AdminBadge() {
  return (
    <button type="button" onClick={() => adminClient.rpc('refresh_badges')}>
      Refresh
    </button>
  )
}
