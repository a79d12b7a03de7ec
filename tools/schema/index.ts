import { walkFiles } from '../code/files.ts'
import { type Catalog, modelOf } from './fold/catalog.ts'
import type { SchemaModel } from './model.ts'
import { discover, type SqlSource } from './sources/discover.ts'
import { mergeCatalog, platformTables } from './sources/merge.ts'
import { foldSource } from './sources/sql.ts'
import { readTypedSources } from './sources/typed.ts'

export interface ReadSchemaOptions {
  /** Absolute path of the audited folder. */
  root: string
  /** Posix paths of its files relative to the root, when the caller has listed them already. */
  files?: string[]
  signal?: AbortSignal
}

/**
 * The database as the repository's own files define it, without running anything. Sources by trust: migrations,
 * declarative schema files or a dump, generated types, Prisma schema, Drizzle tables in TypeScript; a later one only adds
 * tables that no earlier one knows. Undefined when the repository defines no database.
 */
export async function readSchema({ root, files, signal }: ReadSchemaOptions): Promise<SchemaModel | undefined> {
  const sources = await discover(root, files ?? listSchemaFiles(root))
  const read: { source: SchemaModel['source']; catalog: Catalog }[] = []
  const used: SqlSource[] = []
  const unread: Catalog['problems'] = []
  for (const source of sources.sql) {
    signal?.throwIfAborted()
    const catalog = await foldSource(root, source, signal)
    if (isEmpty(catalog)) {
      unread.push(...catalog.problems)
      continue
    }
    read.push({ source: source.kind, catalog })
    used.push(source)
    // Loose SQL files overlap each other; the best of them that defines anything is the schema.
    if (source.kind === 'schema-files' && source.tool === 'other') break
  }
  for (const { source, catalog } of await readTypedSources(root, sources, signal)) {
    if (isEmpty(catalog)) unread.push(...catalog.problems)
    else read.push({ source, catalog })
  }
  const [best] = read
  if (!best) return undefined
  const merged = read.slice(1).reduce((into, { catalog }) => mergeCatalog(into, catalog), best.catalog)
  merged.problems.push(...unread)
  platformTables(merged)
  const model = modelOf(merged, best.source)
  model.migrations = used.filter(({ kind }) => kind === 'migrations').flatMap(source => source.files)
  return model
}

function isEmpty(catalog: Catalog): boolean {
  return catalog.tables.size === 0 && catalog.functions.size === 0
}

/** Whether a file, by its posix path, may tell about the database: SQL, Prisma, TypeScript, the configuration of Supabase. */
export function isSchemaFile(file: string): boolean {
  if (/\.(?:d|test)\.ts$/.test(file)) return false
  return /\.(?:sql|prisma|ts)$/.test(file) || /(?:^|\/)supabase\/config\.toml$/.test(file)
}

/** Posix paths of those files, relative to the folder; what git ignores is left out. For who has not walked the folder already. */
function listSchemaFiles(root: string): string[] {
  return [...walkFiles(root, [], () => {}).tree.files].filter(isSchemaFile)
}
