import { requireUser } from '@/lib/auth'

export default async function BookmarksPage() {
  const { supabase, user } = await requireUser()
  const { data } = await supabase.from('bookmarks').select('url').eq('user_id', user.id).limit(50)
  return <p>{data?.length}</p>
}
