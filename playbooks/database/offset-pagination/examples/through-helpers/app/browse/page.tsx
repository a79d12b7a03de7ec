import { z } from 'zod'
import { listEvents } from '@/lib/drizzle'
import { listVenues } from '@/lib/prisma'
import { listTags, listThreads } from '@/lib/threads'

const query = z.object({ page: z.coerce.number().int().min(1).default(1) })

export default async function BrowsePage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  const { page } = query.parse(await searchParams)
  const [threads, tags, events, venues] = await Promise.all([
    listThreads({ number: page, size: 20 }),
    listTags({ number: page, size: 50 }),
    listEvents(page),
    listVenues(page),
  ])
  return <pre>{JSON.stringify({ threads, tags, events, venues })}</pre>
}
