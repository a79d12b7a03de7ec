import Link from 'next/link'
import { formatPrice } from '@/lib/format'

interface Part {
  slug: string
  name: string
  brand: string
  price_cents: number | null
  category?: { name: string } | null
}

export function PartCard({ part }: { part: Part }) {
  return (
    <li className="card">
      <h3>
        <Link href={`/parts/${part.slug}`}>{part.name}</Link>
      </h3>
      <p className="soft">{[part.brand, part.category?.name].filter(Boolean).join(', ')}</p>
      <p>{formatPrice(part.price_cents)}</p>
    </li>
  )
}
