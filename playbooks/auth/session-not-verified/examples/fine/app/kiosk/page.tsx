import { redirect } from 'next/navigation'
import { getSession } from '@/lib/kiosk-session'

export default async function KioskPage() {
  const session = await getSession()
  if (!session.id) redirect('/login')
  return <p>Kiosk {session.id}</p>
}
