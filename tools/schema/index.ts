import { glob } from 'tinyglobby'
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
  const sources = await discover(root, files ?? (await listSchemaFiles(root, signal)))
  const read: { source: SchemaModel['source']; catalog: Catalog }[] = []
  const used: SqlSource[] = []
  for (const source of sources.sql) {
    signal?.throwIfAborted()
    const catalog = await foldSource(root, source, signal)
    if (isEmpty(catalog)) continue
    read.push({ source: source.kind, catalog })
    used.push(source)
    // Loose SQL files overlap each other; the best of them that defines anything is the schema.
    if (source.kind === 'schema-files' && source.tool === 'other') break
  }
  for (const { source, catalog } of await readTypedSources(root, sources, signal)) {
    if (!isEmpty(catalog)) read.push({ source, catalog })
  }
  const [best] = read
  if (!best) return undefined
  const merged = read.slice(1).reduce((into, { catalog }) => mergeCatalog(into, catalog), best.catalog)
  platformTables(merged)
  const model = modelOf(merged, best.source)
  model.migrations = used.filter(({ kind }) => kind === 'migrations').flatMap(source => source.files)
  return model
}

function isEmpty(catalog: Catalog): boolean {
  return catalog.tables.size === 0 && catalog.functions.size === 0
}

/** Posix paths of the files that may define a database, or say which PostgreSQL it is. */
export async function listSchemaFiles(root: string, signal?: AbortSignal): Promise<string[]> {
  return glob(['**/*.sql', '**/*.prisma', '**/*.ts', '**/supabase/config.toml'], {
    cwd: root,
    ignore: ['**/node_modules/**', '**/.git/**', '**/.next/**', '**/dist/**', '**/*.d.ts', '**/*.test.ts'],
    followSymbolicLinks: false,
    onlyFiles: true,
    signal,
  })
}
