import type { Metadata } from 'next'
import { MemberTable } from '@/components/member-table'
import { requireAdmin } from '@/lib/auth'
import { getOverview, listLog } from '@/lib/data/admin'
import { findMembers } from '@/lib/db/reports'
import { formatDate } from '@/lib/format'
import { memberSearchSchema } from '@/lib/schemas/admin'

export const metadata: Metadata = { title: 'Admin' }

export default async function AdminPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  await requireAdmin()
  const term = memberSearchSchema.parse((await searchParams).q)
  const [overview, log, members] = await Promise.all([getOverview(), listLog(), term ? findMembers(term) : []])

  return (
    <>
      <h1>Overview</h1>
      <p>
        About {overview.builds} builds, {overview.topics} topics and {overview.posts} posts.
      </p>
      <h2>Members</h2>
      <form>
        <input name="q" defaultValue={term} placeholder="Name" aria-label="Name" /> <button type="submit">Find</button>
      </form>
      <MemberTable members={members} />
      <h2>Log</h2>
      <ul>
        {log.map(entry => (
          <li key={entry.id}>
            {formatDate(entry.created_at)}: {entry.actor?.display_name} {entry.action} {entry.subject}
          </li>
        ))}
      </ul>
    </>
  )
}
