import Link from 'next/link'
import { formatPrice } from '@/lib/format'

interface Item {
  quantity: number
  part: { slug: string; name: string; price_cents: number | null } | null
}

export function PartTable({ items }: { items: Item[] }) {
  const total = items.reduce((sum, item) => sum + item.quantity * (item.part?.price_cents ?? 0), 0)
  return (
    <table>
      <tbody>
        {items.map(({ part, quantity }) =>
          part ? (
            <tr key={part.slug}>
              <td>{quantity} ×</td>
              <td>
                <Link href={`/parts/${part.slug}`}>{part.name}</Link>
              </td>
              <td>{formatPrice(part.price_cents)}</td>
            </tr>
          ) : null,
        )}
        <tr>
          <td />
          <th>Together</th>
          <td>{formatPrice(total)}</td>
        </tr>
      </tbody>
    </table>
  )
}
