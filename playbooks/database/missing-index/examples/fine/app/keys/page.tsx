import { createHash } from 'node:crypto'
import { requireUser } from '@/lib/auth'

export default async function KeysPage() {
  const { supabase, user } = await requireUser()
  const hash = createHash('sha256').update(user.id).digest('hex')
  // The prefix finds a row or two; the hash is compared with these.
  const { data } = await supabase
    .from('api_keys')
    .select('id, note')
    .eq('key_prefix', hash.slice(0, 8))
    .eq('key_hash', hash)
    .maybeSingle()
  return <p>{data?.note}</p>
}
