import Link from 'next/link'
import { BuildCard } from '@/components/build-card'
import { EmptyState } from '@/components/empty-state'
import { orWhileBuilding } from '@/lib/build-phase'
import { getFeaturedBuilds, getSiteStats } from '@/lib/data/home'

export const revalidate = 300

export default async function HomePage() {
  const [stats, builds] = await Promise.all([getSiteStats(), orWhileBuilding(getFeaturedBuilds, [])])

  return (
    <>
      <h1>Build a kart. Race it. Fix it.</h1>
      <p>
        Compare <Link href="/engines">engines</Link>, pick <Link href="/parts">parts</Link>, start from a{' '}
        <Link href="/templates">template</Link>, and ask the <Link href="/forums">forum</Link> what that noise is.
      </p>
      {stats && (
        <p className="soft">
          {stats.builds} builds and {stats.topics} topics so far.
        </p>
      )}
      <h2>Builds that people like</h2>
      {builds.length === 0 ? (
        <EmptyState text="No builds yet." />
      ) : (
        <ul className="grid">
          {builds.map(build => (
            <BuildCard key={build.id} build={build} />
          ))}
        </ul>
      )}
    </>
  )
}
