import Link from 'next/link'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { DeleteBuildButton } from '@/components/delete-build-button'
import { EditBuildForm } from '@/components/edit-build-form'
import { LikeButton } from '@/components/like-button'
import { PartTable } from '@/components/part-table'
import { getCurrentUser } from '@/lib/auth'
import { getBuild, listBuildParts, listLikedIds } from '@/lib/data/builds'
import { formatDate } from '@/lib/format'

export default async function BuildPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  if (!z.uuid().safeParse(id).success) notFound()
  const [build, parts, user] = await Promise.all([getBuild(id), listBuildParts(id), getCurrentUser()])
  if (!build) notFound()

  const liked = user ? await listLikedIds(user.id, [build.id]) : new Set<string>()
  const isOwner = user?.id === build.user_id

  return (
    <>
      <h1>{build.name}</h1>
      <p className="soft">
        by {build.owner?.display_name}, {formatDate(build.created_at)}
        {build.engine && (
          <>
            , with a <Link href={`/engines/${build.engine.slug}`}>{build.engine.name}</Link>
          </>
        )}
      </p>
      <p>{build.description}</p>
      <LikeButton buildId={build.id} liked={liked.has(build.id)} count={build.like_count} />
      <h2>Parts</h2>
      <PartTable items={parts} />
      {user && <a href={`/api/builds/${build.id}/export`}>Download as JSON</a>}
      {isOwner && (
        <>
          <h2>Change this build</h2>
          <EditBuildForm build={build} />
          <DeleteBuildButton id={build.id} />
        </>
      )}
    </>
  )
}
