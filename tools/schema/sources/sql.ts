import { join } from 'node:path'
import { type Catalog, emptyCatalog } from '../fold/catalog.ts'
import { foldFile } from '../fold/fold.ts'
import { loadParser } from '../sql/parse.ts'
import { readSource, sourceText } from '../sql/text.ts'
import type { SqlSource } from './discover.ts'

/** Folds all files of one SQL source, then counts the rows of its seed files. */
export async function foldSource(root: string, source: SqlSource, signal?: AbortSignal): Promise<Catalog> {
  const parser = await loadParser()
  const catalog = emptyCatalog()
  for (const [files, seedsOnly] of [
    [source.files.map(({ file }) => file), false],
    [source.seeds, true],
  ] as const) {
    for (const file of files) {
      signal?.throwIfAborted()
      const read = await readSource(join(root, file), file)
      if ('error' in read) {
        catalog.problems.push({ location: { file, line: 1 }, message: read.error })
        continue
      }
      foldFile(catalog, parser, sourceText(file, withoutDown(read.text)), { seedsOnly })
    }
  }
  return catalog
}

/** goose, dbmate and node-pg-migrate keep the way back in the same file; it is blanked, lines kept. */
export function withoutDown(text: string): string {
  const match = /^--\s*(?:\+goose\s+down|migrate:down|down\s+migration)\b.*$/im.exec(text)
  return match ? text.slice(0, match.index) : text
}
