import type { MetadataRoute } from 'next'
import { orWhileBuilding } from '@/lib/build-phase'
import { listEngineSlugs } from '@/lib/data/engines'

export const revalidate = 86400

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const site = process.env.NEXT_PUBLIC_SITE_URL ?? 'http://localhost:3000'
  const slugs = await orWhileBuilding(listEngineSlugs, [])
  return [
    ...['', '/engines', '/parts', '/templates', '/builds', '/forums'].map(path => ({ url: `${site}${path}` })),
    ...slugs.map(slug => ({ url: `${site}/engines/${slug}` })),
  ]
}
