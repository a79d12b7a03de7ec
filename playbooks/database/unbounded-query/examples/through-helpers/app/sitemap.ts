import type { MetadataRoute } from 'next'
import { allParts } from '@/lib/parts/service'

export const revalidate = 86400

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const parts = await allParts()
  return parts.map(part => ({ url: `https://example.com/parts/${part.id}` }))
}
