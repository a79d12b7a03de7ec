'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useDeferredValue, useState } from 'react'

interface Found {
  engines: { slug: string; name: string; brand: string; power_hp: number }[]
}

async function findEngines(term: string, signal: AbortSignal): Promise<Found> {
  const response = await fetch(`/api/engines/search?q=${encodeURIComponent(term)}`, { signal })
  if (!response.ok) throw new Error('The search is not available.')
  return response.json()
}

export function EngineSearch() {
  const [text, setText] = useState('')
  const term = useDeferredValue(text.trim())
  const { data, error } = useQuery({
    queryKey: ['engine-search', term],
    queryFn: ({ signal }) => findEngines(term, signal),
    enabled: term.length >= 2,
  })

  return (
    <search>
      <input
        value={text}
        onChange={event => setText(event.target.value)}
        placeholder="Find an engine"
        aria-label="Find an engine"
      />
      {error && <p className="error">{error.message}</p>}
      {data && (
        <ul>
          {data.engines.map(engine => (
            <li key={engine.slug}>
              <Link href={`/engines/${engine.slug}`}>{engine.name}</Link> {engine.power_hp} hp
            </li>
          ))}
        </ul>
      )}
    </search>
  )
}
