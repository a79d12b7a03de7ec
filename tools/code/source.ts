import { createHash } from 'node:crypto'
import { type IrCache, openCache } from './cache.ts'
import type { ModuleIR } from './ir.ts'
import type { Lowered, LowerPool } from './lowerpool.ts'
import { scanText } from './scan.ts'
import type { Workspace } from './workspace.ts'

export interface Source {
  modules: Map<string, ModuleIR>
  stats: { files: number; reached: number; parsed: number; cached: number }
}

export interface SourceOptions {
  cacheDir: string | undefined
  /** Who lowers the files. */
  pool: LowerPool
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
  const found = source.files.map(file => cache.get(file.hash))
  const missing = source.files.filter((_, i) => !found[i])
  const lowered = await options.pool.lower(missing, async done => {
    options.onProgress?.(source.files.length - missing.length + done, source.files.length)
    await new Promise(resolve => setImmediate(resolve))
    options.signal?.throwIfAborted()
  })
  const results = lowered.values()
  const modules = new Map<string, ModuleIR>()
  let parsed = 0
  for (const [i, file] of source.files.entries()) {
    const cached = found[i]
    const result = cached ? { ir: cached } : (results.next().value as Lowered)
    if ('error' in result) {
      workspace.problems.push({ message: `skipped: ${result.error}`, file: file.path })
      continue
    }
    modules.set(file.path, result.ir)
    if (cached) continue
    cache.set(file.hash, result.ir, result.json)
    parsed++
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
