import { listParts } from '@/lib/parts/service'

export const revalidate = 300

export default async function PartsPage() {
  const parts = await listParts({ sort: 'price' })
  return <p>{parts.length} parts</p>
}
