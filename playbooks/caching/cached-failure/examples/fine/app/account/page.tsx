import { requireUser } from '@/lib/auth'
import { getBanner, getEngines, getNotes, getRates } from '@/lib/catalogue'

export default async function AccountPage() {
  const { user } = await requireUser()
  const [engines, notes, banner, rates] = await Promise.all([getEngines(), getNotes(user.id), getBanner(), getRates()])
  return <pre>{JSON.stringify({ engines, notes, banner, rates })}</pre>
}
