import { requireUser } from '@/lib/auth'
import { publicJson } from '@/lib/cached'
import { loadCart } from '@/lib/cart'

export async function GET() {
  const { supabase, user } = await requireUser()
  const cart = await loadCart(supabase, user.id)
  return publicJson({ cart }) // expect: caching/user-data-in-shared-cache
}
