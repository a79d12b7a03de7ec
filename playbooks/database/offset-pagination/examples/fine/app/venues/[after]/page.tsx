import { venuesAfter } from '@/lib/prisma'

export default async function VenuesPage({ params }: { params: Promise<{ after: string }> }) {
  const { after } = await params
  const venues = await venuesAfter(after)
  return <p>{venues.length}</p>
}
