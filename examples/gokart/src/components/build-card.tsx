import Link from 'next/link'

interface Build {
  id: string
  name: string
  description: string
  like_count: number
  engine: { name: string } | null
  build_parts?: { part: { name: string } | null }[]
}

export function BuildCard({ build, liked = false }: { build: Build; liked?: boolean }) {
  const parts = build.build_parts?.flatMap(({ part }) => (part ? [part.name] : [])) ?? []
  return (
    <li className="card">
      <h3>
        <Link href={`/builds/${build.id}`}>{build.name}</Link>
      </h3>
      <p className="soft">
        {build.engine?.name}, {liked ? '♥' : '♡'} {build.like_count}
      </p>
      <p>{build.description}</p>
      {parts.length > 0 && <p className="soft">{parts.join(', ')}</p>}
    </li>
  )
}
