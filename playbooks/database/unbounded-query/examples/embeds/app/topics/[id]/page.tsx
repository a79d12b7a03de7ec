import { createClient } from '@/lib/supabase/server'
import { reply } from '../actions'

interface Props {
  params: Promise<{ id: string }>
}

/** One topic, and everything that was ever answered to it. */
export default async function Page({ params }: Props) {
  const { id } = await params
  const supabase = await createClient()
  const { data: topic } = await supabase
    .from('topics') // expect: database/unbounded-query
    .select('title, author:profiles(name), replies(id, body, author:profiles(name))')
    .eq('id', id)
    .maybeSingle()
  return (
    <form action={reply}>
      <h1>{topic?.title}</h1>
    </form>
  )
}
