import type { Metadata } from 'next'
import { PartCard } from '@/components/part-card'
import { PartSearch } from '@/components/part-search'
import { listParts } from '@/lib/data/parts'

export const metadata: Metadata = { title: 'Parts' }
export const dynamic = 'force-dynamic'

export default async function PartsPage() {
  const parts = await listParts()

  return (
    <>
      <h1>Parts</h1>
      <PartSearch />
      <ul className="grid">
        {parts.map(part => (
          <PartCard key={part.id} part={part} />
        ))}
      </ul>
    </>
  )
}
