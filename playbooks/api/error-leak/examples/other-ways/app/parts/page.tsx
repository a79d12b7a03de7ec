import { Notice } from '@/components/notice'
import { requireUser } from '@/lib/auth'
import { addPart } from './actions'

export default async function Page() {
  const { supabase, user } = await requireUser()
  const { data, error } = await supabase.from('parts').select('id, name').eq('owner_id', user.id).limit(20)
  if (error) {
    return (
      <main>
        <p>Could not load your parts: {error.message}</p> {/* expect: api/error-leak */}
      </main>
    )
  }
  const { count, error: failed } = await supabase.from('parts').select('id', { count: 'exact', head: true }).eq('owner_id', user.id)
  if (failed) console.error('count', failed.message)
  return (
    <form action={addPart}>
      {failed ? <Notice text="The number of parts is not known" /> : <p>{count} parts</p>}
      {data.map(part => (
        <p key={part.id}>{part.name}</p>
      ))}
    </form>
  )
}
