import { requireUser } from '@/lib/auth'
import { countActive } from '@/lib/count'
import { countSold } from '@/lib/prisma'

export default async function ListingsPage() {
  const { supabase, user } = await requireUser()
  const [active, sold] = await Promise.all([countActive(supabase), countSold()])
  return (
    <p>
      {user.email}: {active} active, {sold} sold
    </p>
  )
}
