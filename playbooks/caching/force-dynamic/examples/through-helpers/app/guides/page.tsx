import { listGuides } from '@/lib/guides'

export const revalidate = 0 // expect: caching/force-dynamic

export default async function GuidesPage() {
  const guides = await listGuides()
  return <p>{guides.length} guides</p>
}
