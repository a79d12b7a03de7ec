'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { PartCard } from '@/components/part-card'

interface Found {
  parts: { id: string; slug: string; name: string; brand: string; price_cents: number | null }[]
}

async function findParts(term: string, sort: string, signal: AbortSignal): Promise<Found> {
  const query = new URLSearchParams({ q: term, sort })
  const response = await fetch(`/api/parts/search?${query}`, { signal })
  if (!response.ok) throw new Error('The search is not available.')
  return response.json()
}

export function PartSearch() {
  const [text, setText] = useState('')
  const [sort, setSort] = useState('name')
  const term = useDeferredValue(text.trim())
  const { data, error } = useQuery({
    queryKey: ['part-search', term, sort],
    queryFn: ({ signal }) => findParts(term, sort, signal),
    enabled: term.length >= 2,
  })

  return (
    <search>
      <input
        value={text}
        onChange={event => setText(event.target.value)}
        placeholder="Find a part"
        aria-label="Find a part"
      />{' '}
      <select value={sort} onChange={event => setSort(event.target.value)} aria-label="Order">
        <option value="name">by name</option>
        <option value="price_cents">by price</option>
      </select>
      {error && <p className="error">{error.message}</p>}
      {data && (
        <ul className="grid">
          {data.parts.map(part => (
            <PartCard key={part.id} part={part} />
          ))}
        </ul>
      )}
    </search>
  )
}
