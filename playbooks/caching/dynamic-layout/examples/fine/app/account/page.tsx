import { requireUser } from '@/lib/auth'

export default async function AccountPage() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('notes').select('id').eq('user_id', user.id).order('id').limit(20)
  if (error) throw new Error('Could not load notes')
  return <p>{data.length} notes</p>
}
