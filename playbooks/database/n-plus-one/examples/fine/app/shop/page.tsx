import { formatPrice } from '@/lib/settings'
import { createPublicClient } from '@/lib/supabase/public'

export const revalidate = 300

export default async function ShopPage() {
  const supabase = createPublicClient()
  // One request: PostgREST joins the embedded rows itself.
  const { data: products, error } = await supabase
    .from('products')
    .select('id, name, price_cents, brand:brands (name), images (url)')
    .order('name')
    .limit(24)
    .limit(3, { referencedTable: 'images' })
  if (error) throw new Error('Could not load products')

  const ids = products.map(product => product.id)
  const { data: ratings } = await supabase.from('product_ratings').select('product_id, stars').in('product_id', ids).limit(24)

  const starsById = new Map<string, number>()
  for (const rating of ratings ?? []) {
    starsById.set(rating.product_id, rating.stars)
  }
  const labels = await Promise.all(products.map(product => formatPrice(product.price_cents)))
  return (
    <ul>
      {products.map((product, index) => (
        <li key={product.id}>
          {product.name} {labels[index]} {starsById.get(product.id)}
        </li>
      ))}
    </ul>
  )
}
