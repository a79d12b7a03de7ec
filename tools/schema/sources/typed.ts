import { join } from 'node:path'
import { type Catalog, emptyCatalog } from '../fold/catalog.ts'
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
  const ts = generated.length + drizzle.length > 0 ? (await import('ts-morph')).ts : undefined
  for (const source of ts ? generated : [])
    result.push({ source: 'generated-types', catalog: readable([source], ([only]) => readGeneratedTypes(ts!, only!)) })
  if (prisma.length > 0) result.push({ source: 'prisma', catalog: readable(prisma, readPrisma) })
  if (ts && drizzle.length > 0)
    result.push({ source: 'drizzle', catalog: readable(drizzle, sources => readDrizzle(ts, sources)) })
  return result
}

/**
 * Reads files together, for they refer to each other. When that throws (a file that is nested beyond the stack is no schema that a
 * person wrote), it is done again without those that throw by themselves, and these become problems.
 */
function readable(sources: SourceText[], read: (sources: SourceText[]) => Catalog): Catalog {
  const whole = attempt(() => read(sources))
  if (whole) return whole
  const sound = sources.filter(source => attempt(() => read([source])) !== undefined)
  const catalog = attempt(() => read(sound)) ?? emptyCatalog()
  for (const { file } of sources.filter(source => !sound.includes(source)))
    catalog.problems.push({ location: { file, line: 1 }, message: 'skipped: nested too deeply to read' })
  return catalog
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
