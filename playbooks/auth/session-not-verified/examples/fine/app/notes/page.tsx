import { createClient } from '@/lib/supabase/server'
import { requireUserId } from '@/lib/user'

export default async function NotesPage() {
  const userId = await requireUserId()
  const supabase = await createClient()
  const { data, error } = await supabase.from('notes').select('id').eq('user_id', userId).order('id').limit(20)
  if (error) throw new Error('Could not load notes')
  return <p>{data.length}</p>
}
