import { cookies } from 'next/headers'
import { createPublicClient } from '@/lib/supabase/public'

// expect: caching/inert-revalidate
export const revalidate = 60

export default async function ShopPage() {
  const currency = (await cookies()).get('currency')?.value ?? 'eur'
  const supabase = createPublicClient()
  const { data: parts, error } = await supabase.from('parts').select('id, name').order('name').limit(50)
  if (error) throw new Error('Could not load parts')
  return (
    <p>
      {parts.length} parts in {currency}
    </p>
  )
}
