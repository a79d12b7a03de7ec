import { redirect } from 'next/navigation'
import { currentUser } from '@/lib/current-user'
import { pinComment } from './actions'

/** The page asks who is there; its actions are reachable without the page. */
export default async function CommentsPage() {
  const user = await currentUser()
  if (!user) redirect('/login')
  return (
    <form action={pinComment.bind(null, '00000000-0000-4000-8000-000000000000')}>
      <button type="submit">Pin</button>
    </form>
  )
}
