import { AdminBadge } from '@/components/admin-badge'

export default function BadgesPage() {
  return <AdminBadge />
}
