import { requireUser } from '@/lib/auth'
import { cached } from '@/lib/cached'
import { loadCart } from '@/lib/cart'

export default async function CartPage() {
  const { supabase, user } = await requireUser()
  const cart = await cached('cart', () => loadCart(supabase, user.id)) // expect: caching/user-data-in-shared-cache
  return <p>{cart?.total_cents}</p>
}
