import { createHash } from 'node:crypto'
import { type IrCache, openCache } from './cache.ts'
import type { ModuleIR } from './ir.ts'
import { scanText } from './scan.ts'
import type { Workspace } from './workspace.ts'

/** Loaded when the first file has to be parsed: importing the compiler costs 0.3 s (facts/10). */
type Lower = (path: string, text: string) => ModuleIR

export interface Source {
  modules: Map<string, ModuleIR>
  stats: { files: number; reached: number; parsed: number; cached: number }
}

export interface SourceOptions {
  cacheDir: string | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}

interface Scanned {
  text: string
  imports: string[]
  relevant: boolean
  helper: boolean
}

/** The files that matter, read once, with what identifies their content. */
export interface SourceFiles {
  files: { path: string; text: string; hash: string }[]
  /** Files that the entry points reach. */
  reached: number
  /** Changes when any of the files does. */
  key: string
}

/**
 * The files that matter: of the closure of imports from the entry points, those from which something relevant can be reached, and
 * the helpers that they build on. Interface components are left out: functions that are handed to them may be called, as with all
 * code that cannot be seen.
 */
export function scanSource(workspace: Workspace, entries: readonly string[], signal?: AbortSignal): SourceFiles {
  const scanned = new Map<string, Scanned>()
  const queue = [...entries]
  const seen = new Set(queue)
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    signal?.throwIfAborted()
    const text = workspace.read(file)
    if (text === undefined) continue
    const scan = scanText(text)
    const imports: string[] = []
    for (const specifier of scan.imports) {
      const target = workspace.resolve(file, specifier)
      if (target.kind !== 'file') continue
      imports.push(target.path)
      if (seen.has(target.path) || !workspace.files.has(target.path)) continue
      seen.add(target.path)
      queue.push(target.path)
    }
    scanned.set(file, { text, imports, relevant: scan.relevant, helper: scan.helper })
  }
  const files = [...reachesRelevant(scanned, new Set(entries))].sort().map(path => {
    const { text } = scanned.get(path) as Scanned
    return { path, text, hash: contentHash(path, text) }
  })
  const key = createHash('sha1')
  for (const f of files) key.update(f.path).update('\0').update(f.hash).update('\n')
  return { files, reached: scanned.size, key: key.digest('base64url') }
}

/**
 * Parses and lowers the files; IR comes from the cache when the content has been seen before. A file on which the parser itself
 * fails (nesting beyond its stack) costs only itself. Yields now and then, so that a waiting caller can interrupt.
 */
export async function lowerSource(workspace: Workspace, source: SourceFiles, options: SourceOptions): Promise<Source> {
  const cache = openCache(options.cacheDir)
  const modules = new Map<string, ModuleIR>()
  let lower: Lower | undefined
  let parsed = 0
  for (const [index, file] of source.files.entries()) {
    let ir = cache.get(file.hash)
    if (!ir) {
      lower ??= (await import('./lower.ts')).lowerFile
      try {
        ir = lower(file.path, file.text)
        cache.set(file.hash, ir)
        parsed++
      } catch (error) {
        const reason =
          error instanceof RangeError ? 'nested too deeply to parse' : `the parser failed: ${(error as Error).message}`
        workspace.problems.push({ message: `skipped: ${reason}`, file: file.path })
        continue
      }
    }
    modules.set(file.path, ir)
    if (index % 50 !== 0) continue
    options.onProgress?.(index, source.files.length)
    await new Promise(resolve => setImmediate(resolve))
    options.signal?.throwIfAborted()
  }
  saveQuietly(cache)
  const stats = { files: workspace.files.size, reached: source.reached, parsed, cached: source.files.length - parsed }
  return { modules, stats }
}

/** The extension decides how a text is parsed, so it is part of the key. */
function contentHash(file: string, text: string): string {
  return createHash('sha1')
    .update(file.slice(file.lastIndexOf('.')))
    .update('\0')
    .update(text)
    .digest('base64url')
}

function reachesRelevant(scanned: Map<string, Scanned>, entries: Set<string>): Set<string> {
  const importers = new Map<string, string[]>()
  for (const [file, s] of scanned)
    for (const target of s.imports) importers.set(target, [...(importers.get(target) ?? []), file])
  const wanted = new Set<string>()
  const queue: string[] = []
  const want = (file: string) => {
    if (wanted.has(file) || !scanned.has(file)) return
    wanted.add(file)
    queue.push(file)
  }
  for (const [file, s] of scanned) if (s.relevant || entries.has(file)) want(file)
  for (let file = queue.pop(); file !== undefined; file = queue.pop())
    for (const importer of importers.get(file) ?? []) want(importer)
  // What the wanted files build on.
  const helpers = [...wanted]
  for (let file = helpers.pop(); file !== undefined; file = helpers.pop())
    for (const target of scanned.get(file)?.imports ?? []) {
      if (wanted.has(target) || !scanned.get(target)?.helper) continue
      wanted.add(target)
      helpers.push(target)
    }
  return wanted
}

/** A cache that cannot be written (read-only checkout) costs time on the next run and nothing else. */
function saveQuietly(cache: IrCache): void {
  try {
    cache.save()
  } catch {
    // Deliberately quiet: see above.
  }
}
