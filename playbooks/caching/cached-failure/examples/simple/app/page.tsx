import { getEngines, getParts } from '@/lib/catalogue'

export default async function HomePage() {
  const [engines, parts] = await Promise.all([getEngines(), getParts()])
  return (
    <p>
      {engines.ok ? engines.engines.length : engines.error} and {parts.length} parts
    </p>
  )
}
