import Link from 'next/link'
import { formatPrice } from '@/lib/format'

interface Engine {
  slug: string
  name: string
  brand: string
  displacement_cc: number
  power_hp: number
  price_cents: number | null
}

export function EngineCard({ engine }: { engine: Engine }) {
  return (
    <li className="card">
      <h3>
        <Link href={`/engines/${engine.slug}`}>{engine.name}</Link>
      </h3>
      <p className="soft">{engine.brand}</p>
      <p>
        {engine.displacement_cc} cc, {engine.power_hp} hp, {formatPrice(engine.price_cents)}
      </p>
    </li>
  )
}
