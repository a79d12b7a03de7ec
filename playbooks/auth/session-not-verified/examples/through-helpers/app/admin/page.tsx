import { requireAdmin } from '@/lib/session'

export default async function AdminPage() {
  const admin = await requireAdmin()
  return <h1>Hello {admin.email}</h1>
}
