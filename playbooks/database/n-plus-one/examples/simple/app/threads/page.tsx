import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 60

export default async function ThreadsPage() {
  const supabase = createPublicClient()
  const { data: threads, error } = await supabase.from('threads').select('id, title').order('id').limit(30)
  if (error) throw new Error('Could not load threads')
  const withReply = await Promise.all(
    threads.map(async thread => {
      const { data } = await supabase.from('replies').select('body').eq('thread_id', thread.id).order('id').limit(1) // expect: database/n-plus-one
      return { ...thread, reply: data?.[0]?.body }
    }),
  )
  return <pre>{JSON.stringify(withReply)}</pre>
}
