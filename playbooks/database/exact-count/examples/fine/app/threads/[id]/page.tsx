import { createClient } from '@/lib/supabase/server'
import { requireUser } from '@/lib/auth'

export default async function ThreadPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  await requireUser()
  const supabase = await createClient()
  const { count, error } = await supabase.from('replies').select('id', { count: 'exact', head: true }).eq('thread_id', id)
  if (error) throw new Error('Could not count replies')
  return <p>{count} replies</p>
}
