'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { removePart } from '@/actions/garage'
import { formatPrice } from '@/lib/format'

interface Garage {
  items: { part: { id: string; slug: string; name: string; price_cents: number | null } | null }[]
}

async function loadGarage(): Promise<Garage> {
  const response = await fetch('/api/garage')
  if (!response.ok) throw new Error('Your garage is not available.')
  return response.json()
}

export function GaragePanel() {
  const queryClient = useQueryClient()
  const { data, error } = useQuery({ queryKey: ['garage'], queryFn: loadGarage })
  const remove = useMutation({
    mutationFn: (partId: string) => removePart({ partId }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['garage'] }),
  })

  if (error) return <p className="error">{error.message}</p>
  return (
    <ul>
      {data?.items.map(({ part }) =>
        part ? (
          <li key={part.id}>
            <Link href={`/parts/${part.slug}`}>{part.name}</Link> {formatPrice(part.price_cents)}{' '}
            <button type="button" onClick={() => remove.mutate(part.id)}>
              Remove
            </button>
          </li>
        ) : null,
      )}
    </ul>
  )
}
