import { createClient } from '@/lib/supabase/server'

export default async function Page() {
  const supabase = await createClient()
  // Three replies each, and how many there are.
  const { data: latest } = await supabase
    .from('topics')
    .select('id, title, replies(id, body), answers:replies(count)')
    .order('id')
    .limit(20)
    .limit(3, { referencedTable: 'replies' })
  // A reply belongs to one topic.
  const { data: replies } = await supabase.from('replies').select('id, body, topics(title)').order('id').limit(20)
  return (
    <p>
      {latest?.length} {replies?.length}
    </p>
  )
}
