import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { readRegular } from '../safefile.ts'
import { type IgnoreRule, isIgnored, parseIgnoreRules } from './ignorefile.ts'
import type { FileEntry, FileTree, Report } from './workspace.ts'

/** Source beyond this is generated (bundles, fixtures, generated types); a person would not edit it. */
const maxSourceBytes = 1024 * 1024
/** From this size on a file's first bytes are looked at: minified code has no line breaks. */
const minifiedFromBytes = 16 * 1024
const minifiedLineLength = 1000
/** What somebody asks for by name (SQL, generated types) may be larger; beyond this it is data. */
const maxTextBytes = 32 * 1024 * 1024
/** The index of a repository of 400,000 files. */
const maxIndexBytes = 64 * 1024 * 1024
/** Bytes of the index that are searched for ignored files before they all count as not tracked. */
const maxSearchedBytes = 4 * 1024 * 1024 * 1024
/** No source tree is deeper; a file system that says otherwise is hostile or looping. */
const maxDepth = 64

const sourceExtension = /\.[cm]?[jt]sx?$/
const declarationFile = /\.d(?:\.[\w-]+)?\.[cm]?ts$/
const testFile = /(?:\.|-|_)(?:test|spec|e2e|stories|story|cy|bench)\.[cm]?[jt]sx?$/
const testFolders = new Set(['__tests__', '__mocks__', '__fixtures__', '__snapshots__', '.storybook'])
/** Test folders by convention, but words that an app may use for its own features: not inside app/ or src/. */
const testFoldersOutsideSource = new Set(['cypress', 'playwright', 'e2e', 'storybook', 'playwright-tests'])
const testFoldersOfPackage = new Set(['test', 'tests', 'spec'])
const buildFolders = new Set(['dist', 'build', 'out', 'coverage'])
const skippedFolders = new Set(['node_modules', 'bower_components', 'scalability-report', '__pycache__', 'venv'])
const databaseTypesName = /(?:database|supabase|types?[._-]?db|db[._-]?types?)[^/]*\.ts$/i

export interface WalkResult {
  tree: FileTree
  files: Map<string, FileEntry>
  others: string[]
}

/** One walk over the audited folder. Never leaves it, never throws; what could not be read is reported. */
export function walkFiles(root: string, exclude: readonly string[], report: Report): WalkResult {
  const tree: FileTree = { files: new Set(), folders: new Map(), links: new Map() }
  const result: WalkResult = { tree, files: new Map(), others: [] }
  const realRoot = realpathSync(root)
  const isTracked = trackedFiles(root)
  const excluded = parseIgnoreRules(exclude.join('\n'), '')

  const visit = (folder: string, outerRules: readonly IgnoreRule[], depth: number, inTests: boolean): void => {
    const entries = listFolder(root, folder, report)
    if (entries === undefined) return
    if (depth > maxDepth) {
      report({ message: `folders nested deeper than ${maxDepth} levels were not read`, file: folder })
      return
    }
    const rules = entries.some(entry => entry.name === '.gitignore' && entry.isFile())
      ? [...outerRules, ...parseIgnoreRules(readSmall(root, join(folder, '.gitignore')) ?? '', folder)]
      : outerRules
    const isPackage = depth === 0 || entries.some(entry => entry.name === 'package.json')
    const listing = { folders: [] as string[], files: [] as string[] }
    tree.folders.set(folder, listing)

    for (const entry of entries.sort(byName)) {
      const relative = join(folder, entry.name)
      const isFolder = entry.isDirectory()
      if (entry.isSymbolicLink()) {
        noteLink(root, realRoot, relative, tree, report)
        continue
      }
      if (!isFolder && !entry.isFile()) continue
      if (isFolder && isSkippedFolder(entry.name, folder, isPackage)) continue
      if (isIgnored(excluded, relative, isFolder)) continue
      if (isIgnored(rules, relative, isFolder) && !isTracked(relative, isFolder)) continue
      if (isFolder) {
        listing.folders.push(entry.name)
        visit(relative, rules, depth + 1, inTests || isTestFolder(entry.name, folder, isPackage))
        continue
      }
      listing.files.push(entry.name)
      tree.files.add(relative)
      classify(root, relative, inTests, result, report)
    }
  }
  visit('', [], 0, false)
  return result
}

function classify(root: string, file: string, inTests: boolean, result: WalkResult, report: Report): void {
  if (!sourceExtension.test(file)) {
    if (isOther(file)) result.others.push(file)
    return
  }
  const isTypes = databaseTypesName.test(file) && holdsDatabaseTypes(root, file)
  if (isTypes) result.others.push(file)
  if (inTests || testFile.test(file) || declarationFile.test(file)) return
  const bytes = sizeOf(root, file)
  if (bytes === undefined) {
    report({ message: 'could not be read', file })
    return
  }
  if (bytes > maxSourceBytes) {
    if (!isTypes) report({ message: `skipped: ${(bytes / 1024 / 1024).toFixed(1)} MB, looks generated`, file })
    return
  }
  // Only JavaScript is shipped minified; TypeScript with a long line holds an inlined image or font.
  if (bytes > minifiedFromBytes && /\.[cm]?js$/.test(file) && isMinified(root, file)) {
    report({
      message: `skipped: ${Math.round(bytes / 1024)} kB almost without line breaks, looks minified`,
      file,
    })
    return
  }
  result.files.set(file, { path: file, bytes })
}

function isSkippedFolder(name: string, parent: string, parentIsPackage: boolean): boolean {
  if (skippedFolders.has(name)) return true
  // Next serves app/.well-known; other hidden folders hold tools' state, caches and work trees.
  if (name.startsWith('.')) return name !== '.well-known'
  // "build" and "out" are also names of features: only a package's own output folders are left out.
  return buildFolders.has(name) && (parentIsPackage || !isInsideSource(parent))
}

function isTestFolder(name: string, parent: string, parentIsPackage: boolean): boolean {
  if (testFolders.has(name)) return true
  if (testFoldersOutsideSource.has(name)) return !isInsideSource(parent)
  return testFoldersOfPackage.has(name) && parentIsPackage
}

function isInsideSource(folder: string): boolean {
  return /(?:^|\/)(?:app|src)(?:\/|$)/.test(folder)
}

function isOther(file: string): boolean {
  return /\.(?:sql|prisma)$/i.test(file) || /(?:^|\/)vercel\.json$|(?:^|\/)supabase\/config\.toml$/.test(file)
}

/** Types that `supabase gen types` writes: the schema of last resort when there are no migrations. */
function holdsDatabaseTypes(root: string, file: string): boolean {
  const head = readHead(root, file, 8 * 1024)
  return head !== undefined && /export (?:type|interface) Database\b/.test(head) && /\bTables: \{/.test(head)
}

function isMinified(root: string, file: string): boolean {
  const head = readHead(root, file, minifiedFromBytes)
  return head !== undefined && head.split('\n').length < head.length / minifiedLineLength
}

/** Links inside the folder are remembered for module resolution, but what they point to is visited once only. */
function noteLink(root: string, realRoot: string, link: string, tree: FileTree, report: Report): void {
  try {
    const target = toPosix(path.relative(realRoot, realpathSync(path.join(root, link))))
    if (target === '..' || target.startsWith('../') || path.isAbsolute(target)) {
      report({ message: 'symbolic link leads out of the audited folder, not followed', file: link })
    } else if (!link.startsWith(`${target}/`) && target !== '') tree.links.set(link, target)
  } catch {
    // A dangling or circular link: there is nothing behind it.
  }
}

function listFolder(root: string, folder: string, report: Report): Dirent[] | undefined {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true })
  } catch (error) {
    report({ message: `folder could not be read: ${errorCode(error)}`, file: folder || '.' })
    return undefined
  }
}

/** Decoded text of a file of the audited folder; undefined, with a problem noted, when it cannot be had. */
export function readText(root: string, file: string, report: Report): string | undefined {
  const { bytes, why } = readRegular(path.join(root, file), { maxBytes: maxTextBytes })
  if (bytes === undefined) {
    report({ message: `could not be read: ${why}`, file })
    return undefined
  }
  const text = decode(bytes)
  if (text === undefined) report({ message: 'skipped: holds NUL bytes, not a text file', file })
  return text
}

/** UTF-8, or UTF-16 when a byte order mark says so; undefined for binary data. The mark itself is left out. */
export function decode(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le')
  }
  if (bytes.includes(0)) return undefined
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? bytes.toString('utf8', 3)
    : bytes.toString('utf8')
}

/**
 * Text of a small configuration file; undefined when absent, huge, binary, or no regular file.
 *
 * @param follow for what package managers install, which is made of links
 */
export function readSmall(
  root: string,
  file: string,
  maxBytes = maxSourceBytes,
  { follow = false } = {},
): string | undefined {
  const { bytes } = readRegular(path.join(root, file), { maxBytes, follow })
  return bytes === undefined ? undefined : decode(bytes)
}

function readHead(root: string, file: string, head: number): string | undefined {
  return readRegular(path.join(root, file), { maxBytes: maxTextBytes, head }).bytes?.toString('utf8')
}

function sizeOf(root: string, file: string): number | undefined {
  try {
    return lstatSync(path.join(root, file)).size
  } catch {
    return undefined
  }
}

/** What git tracks is part of the app even where .gitignore says otherwise (a Python template's `lib/` above src/lib). */
function trackedFiles(root: string): (relative: string, isFolder: boolean) => boolean {
  const { bytes: index } = readRegular(path.join(root, '.git', 'index'), { maxBytes: maxIndexBytes })
  let budget = maxSearchedBytes
  return (relative, isFolder) => {
    if (index === undefined || budget <= 0) return false
    budget -= index.length
    return index.includes(isFolder ? `${relative}/` : `${relative}\0`)
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function toPosix(file: string): string {
  return path.sep === '/' ? file : file.split(path.sep).join('/')
}
