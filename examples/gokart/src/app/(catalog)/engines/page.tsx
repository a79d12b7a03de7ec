import type { Metadata } from 'next'
import { EngineCard } from '@/components/engine-card'
import { EngineSearch } from '@/components/engine-search'
import { orWhileBuilding } from '@/lib/build-phase'
import { listEngines } from '@/lib/data/engines'

export const metadata: Metadata = { title: 'Engines' }
export const revalidate = 3600

export default async function EnginesPage() {
  const engines = await orWhileBuilding(listEngines, [])

  return (
    <>
      <h1>Engines</h1>
      <EngineSearch />
      <ul className="grid">
        {engines.map(engine => (
          <EngineCard key={engine.id} engine={engine} />
        ))}
      </ul>
    </>
  )
}
