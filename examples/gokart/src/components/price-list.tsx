'use client'

import { useQuery } from '@tanstack/react-query'
import { formatPrice } from '@/lib/format'

interface Prices {
  prices: { merchant: string; url: string; cents: number | null; inStock: boolean | null }[]
}

async function loadPrices(partId: string): Promise<Prices> {
  const response = await fetch(`/api/parts/${partId}/prices`)
  if (!response.ok) throw new Error('Prices are not available.')
  return response.json()
}

export function PriceList({ partId }: { partId: string }) {
  const { data, error, isPending } = useQuery({ queryKey: ['prices', partId], queryFn: () => loadPrices(partId) })

  if (isPending) return <p className="soft">Asking the shops…</p>
  if (error) return <p className="error">{error.message}</p>
  return (
    <ul>
      {data.prices.map(offer => (
        <li key={offer.url}>
          <a href={offer.url} rel="nofollow noopener">
            {offer.merchant}
          </a>{' '}
          {formatPrice(offer.cents)} {offer.inStock === false && '(sold out)'}
        </li>
      ))}
    </ul>
  )
}
