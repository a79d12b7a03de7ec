import { join } from 'node:path'
import type { Catalog } from '../fold/catalog.ts'
import type { SchemaModel } from '../model.ts'
import { readSource, type SourceText } from '../sql/text.ts'
import type { DiscoveredSources } from './discover.ts'

export interface TypedSource {
  source: SchemaModel['source']
  catalog: Catalog
}

/** A schema module of this size is generated data, no table definitions written by a person. */
const MAX_TYPESCRIPT = 4 * 1024 * 1024

/** Schema sources that are no SQL, most trusted first: generated types, Prisma schema, Drizzle tables. */
export async function readTypedSources(
  root: string,
  found: DiscoveredSources,
  signal?: AbortSignal,
): Promise<TypedSource[]> {
  const read = async (files: string[], wanted: (text: string) => boolean): Promise<SourceText[]> => {
    const texts: SourceText[] = []
    for (const file of files) {
      signal?.throwIfAborted()
      const source = await readSource(join(root, file), file)
      if (!('error' in source) && source.text.length < MAX_TYPESCRIPT && wanted(source.text)) texts.push(source)
    }
    return texts
  }
  const { looksGenerated, readGeneratedTypes } = await import('./generated-types.ts')
  const { looksDrizzle, readDrizzle } = await import('./drizzle.ts')
  const { readPrisma } = await import('./prisma.ts')
  const generated = await read(found.generatedTypes, looksGenerated)
  const prisma = await read(found.prisma, text => /\bmodel\s+\w+\s*\{/.test(text) || /\bdatasource\s+\w+/.test(text))
  const drizzle = await read(found.drizzle, looksDrizzle)
  const result: TypedSource[] = []
  if (generated.length + drizzle.length > 0) {
    const { ts } = await import('ts-morph')
    for (const source of generated) {
      result.push({ source: 'generated-types', catalog: readGeneratedTypes(ts, source) })
    }
    if (prisma.length > 0) result.push({ source: 'prisma', catalog: readPrisma(prisma) })
    if (drizzle.length > 0) result.push({ source: 'drizzle', catalog: readDrizzle(ts, drizzle) })
    return result
  }
  if (prisma.length > 0) result.push({ source: 'prisma', catalog: readPrisma(prisma) })
  return result
}
