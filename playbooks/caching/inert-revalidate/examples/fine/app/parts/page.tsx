import { createPublicClient } from '@/lib/supabase/public'
import { setCurrency } from './actions'

/** Cookies are written by the action, at another request: the page itself reads none. */
export const revalidate = 300

export default async function PartsPage() {
  const supabase = createPublicClient()
  const { data: parts, error } = await supabase.from('parts').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load parts')
  return (
    <form action={setCurrency}>
      <p>{parts.length} parts</p>
      <button type="submit" name="currency" value="eur">
        EUR
      </button>
    </form>
  )
}
