import type { Metadata } from 'next'
import Link from 'next/link'
import { BuildCard } from '@/components/build-card'
import { EmptyState } from '@/components/empty-state'
import { getCurrentUser } from '@/lib/auth'
import { decodeCursor, encodeCursor } from '@/lib/cursor'
import { listLikedIds, listPublicBuilds } from '@/lib/data/builds'

export const metadata: Metadata = { title: 'Builds' }

export default async function BuildsPage({ searchParams }: { searchParams: Promise<{ after?: string }> }) {
  const { after } = await searchParams
  const [{ builds, next }, user] = await Promise.all([listPublicBuilds(decodeCursor(after)), getCurrentUser()])
  const ids = builds.map(build => build.id)
  const liked = user ? await listLikedIds(user.id, ids) : new Set<string>()

  return (
    <>
      <h1>Builds</h1>
      <p>
        <Link href="/builds/new">Add yours</Link>
      </p>
      {builds.length === 0 ? (
        <EmptyState text="No builds here." />
      ) : (
        <ul className="grid">
          {builds.map(build => (
            <BuildCard key={build.id} build={build} liked={liked.has(build.id)} />
          ))}
        </ul>
      )}
      {next && <Link href={`/builds?after=${encodeCursor(next)}`}>Older builds</Link>}
    </>
  )
}
