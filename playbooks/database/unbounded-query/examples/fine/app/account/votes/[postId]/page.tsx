import { requireUser } from '@/lib/auth'

export default async function VotePage({ params }: { params: Promise<{ postId: string }> }) {
  const { postId } = await params
  const { supabase, user } = await requireUser()
  // The two columns are unique together.
  const { data: votes, error } = await supabase.from('votes').select('value').eq('user_id', user.id).eq('post_id', postId)
  if (error) throw new Error('Could not load the vote')
  return <p>{votes[0]?.value ?? 'no vote yet'}</p>
}
