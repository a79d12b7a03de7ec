import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { auth } from '@/lib/staff-auth'

/** Another library's getSession looks the session up in its store. */
export default async function StaffPage() {
  const session = await auth.api.getSession({ headers: await headers() })
  if (!session) redirect('/login')
  return <p>{session.user.email}</p>
}
