import { requireUser } from '@/lib/auth'
import { countActive, listingsPage } from '@/lib/count'
import { countSold } from '@/lib/prisma'

export default async function ListingsPage() {
  const { supabase, user } = await requireUser()
  const [active, sold, page] = await Promise.all([countActive(supabase), countSold(), listingsPage()])
  return (
    <p>
      {user.email}: {active} active, {sold} sold, {page.listings.length} shown of {page.total}
    </p>
  )
}
