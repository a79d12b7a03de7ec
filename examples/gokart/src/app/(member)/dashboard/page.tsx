import type { Metadata } from 'next'
import Link from 'next/link'
import { GaragePanel } from '@/components/garage-panel'
import { requireUser } from '@/lib/auth'
import { listMyBuilds } from '@/lib/data/builds'
import { getGarageSummary } from '@/lib/data/garage'
import { formatPrice } from '@/lib/format'

export const metadata: Metadata = { title: 'My builds' }

export default async function DashboardPage() {
  const user = await requireUser()
  const [builds, garage] = await Promise.all([listMyBuilds(user.id), getGarageSummary(user.id)])

  return (
    <>
      <h1>My builds</h1>
      <table>
        <tbody>
          {builds.map(build => (
            <tr key={build.id}>
              <td>
                <Link href={`/builds/${build.id}`}>{build.name}</Link>
              </td>
              <td>{build.visibility}</td>
              <td>{build.partCount} parts</td>
              <td>{formatPrice(build.cents)}</td>
              <td>{build.like_count} likes</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <Link href="/builds/new">New build</Link>
      </p>
      <h2>My garage</h2>
      <p className="soft">
        {garage.parts} parts, {formatPrice(garage.cents)}
      </p>
      <GaragePanel />
    </>
  )
}
