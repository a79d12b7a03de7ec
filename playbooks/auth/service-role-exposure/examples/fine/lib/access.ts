import { createAdminClient } from '@/lib/supabase/admin'

/** Ownership, asked in code because row level security is not. */
export async function canRead(userId: string, projectId: string): Promise<boolean> {
  const supabase = createAdminClient()
  const { data, error } = await supabase
    .from('memberships')
    .select('project_id')
    .eq('user_id', userId)
    .eq('project_id', projectId)
    .maybeSingle()
  if (error) throw new Error('Could not check the membership')
  return data !== null
}
