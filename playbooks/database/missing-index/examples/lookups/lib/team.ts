import type { User } from '@supabase/supabase-js'

export function currentTeamId(user: User): string {
  return String(user.app_metadata.team_id ?? '')
}
