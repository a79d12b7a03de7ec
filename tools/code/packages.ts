import { readSmall } from './files.ts'
import { compileGlob } from './ignorefile.ts'
import { joinPath, normalisePath, parentFolder, relativeFolder } from './paths.ts'
import type { FileTree, Report } from './workspace.ts'

/** What is needed of a package.json. */
export interface Manifest {
  /** Posix folder, "" for the audited folder. */
  folder: string
  name?: string
  version?: string
  /** All kinds of dependencies except peers, name → range. */
  dependencies: Record<string, string>
  scripts: Record<string, string>
  exports?: unknown
  imports?: unknown
  /** `source`, `module`, `main`, in this order, those that are given. */
  mains: string[]
  /** Globs of member packages, relative to the folder. */
  workspaces: string[]
}

/** Catalog name ("default" for the unnamed) → dependency → range. */
export type Catalogs = Map<string, Map<string, string>>

export interface Manifests {
  byFolder: Map<string, Manifest>
  /** Packages that an import by name can mean: workspace members and targets of file:, link: and portal: ranges. */
  byName: Map<string, Manifest>
  catalogs: Catalogs
}

/** All package.json files of the walk, workspaces and catalogs included. */
export function readManifests(root: string, tree: FileTree, report: Report): Manifests {
  const manifests: Manifests = { byFolder: new Map(), byName: new Map(), catalogs: new Map() }
  for (const [folder, listing] of tree.folders) {
    if (!listing.files.includes('package.json')) continue
    const manifest = readManifest(root, folder, manifests.catalogs, report)
    if (manifest !== undefined) manifests.byFolder.set(folder, manifest)
  }
  for (const [folder, listing] of tree.folders) {
    for (const name of ['pnpm-workspace.yaml', 'lerna.json'].filter(file => listing.files.includes(file))) {
      const text = readSmall(root, joinPath(folder, name)) ?? ''
      const globs = name === 'lerna.json' ? lernaPackages(text) : readPnpmWorkspace(text, manifests.catalogs)
      const owner = manifests.byFolder.get(folder) ?? emptyManifest(folder)
      owner.workspaces.push(...globs)
      manifests.byFolder.set(folder, owner)
    }
  }
  for (const owner of manifests.byFolder.values()) linkMembers(owner, manifests)
  return manifests
}

/** The package that a file belongs to. */
export function packageOf(manifests: Manifests, file: string): Manifest | undefined {
  for (let folder = parentFolder(file); folder !== undefined; folder = parentFolder(folder)) {
    const manifest = manifests.byFolder.get(folder)
    if (manifest !== undefined) return manifest
  }
  return undefined
}

function linkMembers(owner: Manifest, manifests: Manifests): void {
  const patterns = owner.workspaces.map(glob => ({
    negated: glob.startsWith('!'),
    matches: compileGlob(glob.replace(/^!/, '').replace(/^\.\//, '').replace(/\/$/, '')),
  }))
  if (patterns.length > 0) {
    for (const member of manifests.byFolder.values()) {
      if (member.name === undefined || !isInside(member.folder, owner.folder)) continue
      const relative = relativeFolder(owner.folder, member.folder)
      const matching = patterns.filter(pattern => pattern.matches(relative))
      if (matching.length === 0 || matching.some(({ negated }) => negated)) continue
      if (!manifests.byName.has(member.name)) manifests.byName.set(member.name, member)
    }
  }
  for (const [name, range] of Object.entries(owner.dependencies)) {
    const target = /^(?:file|link|portal):(.+)$/.exec(range)?.[1]
    const folder = target === undefined ? undefined : normalisePath(owner.folder, target)
    const linked = folder === undefined ? undefined : manifests.byFolder.get(folder)
    if (linked !== undefined && !manifests.byName.has(name)) manifests.byName.set(name, linked)
  }
}

function isInside(folder: string, ancestor: string): boolean {
  return ancestor === '' || folder === ancestor || folder.startsWith(`${ancestor}/`)
}

function readManifest(root: string, folder: string, catalogs: Catalogs, report: Report): Manifest | undefined {
  const file = joinPath(folder, 'package.json')
  const text = readSmall(root, file)
  if (text === undefined) {
    report({ message: 'could not be read', file })
    return undefined
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    report({ message: 'is not valid JSON, ignored', file })
    return undefined
  }
  if (!isRecord(json)) return undefined
  const workspaces = isRecord(json.workspaces) ? json.workspaces : { packages: json.workspaces }
  addCatalog(catalogs, 'default', workspaces.catalog ?? json.catalog)
  const named = workspaces.catalogs ?? json.catalogs
  if (isRecord(named)) for (const [name, catalog] of Object.entries(named)) addCatalog(catalogs, name, catalog)
  return {
    ...emptyManifest(folder),
    ...(typeof json.name === 'string' ? { name: json.name } : {}),
    ...(typeof json.version === 'string' ? { version: json.version } : {}),
    dependencies: {
      ...strings(json.optionalDependencies),
      ...strings(json.devDependencies),
      ...strings(json.dependencies),
    },
    scripts: strings(json.scripts),
    exports: json.exports,
    imports: json.imports,
    mains: [json.source, json.module, json.main].filter(value => typeof value === 'string'),
    workspaces: Array.isArray(workspaces.packages) ? workspaces.packages.filter(item => typeof item === 'string') : [],
  }
}

function emptyManifest(folder: string): Manifest {
  return { folder, dependencies: {}, scripts: {}, mains: [], workspaces: [] }
}

/**
 * `packages`, `catalog` and `catalogs` of a pnpm-workspace.yaml. The file is a few lines of lists and maps, so they are read
 * line by line: loading a YAML parser takes longer than everything else here.
 */
export function readPnpmWorkspace(text: string, catalogs: Catalogs): string[] {
  const globs: string[] = []
  let section = ''
  let catalog = 'default'
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trimEnd()
    if (line.trim() === '') continue
    const item = /^\s*-\s*(.+)$/.exec(line)
    if (item !== null) {
      if (section === 'packages') globs.push(unquote(item[1]!))
      continue
    }
    const entry = /^(\s*)("[^"]+"|'[^']+'|[^\s:]+)\s*:\s*(.*)$/.exec(line)
    if (entry === null) continue
    const key = unquote(entry[2]!)
    const value = unquote(entry[3]!)
    if (entry[1] === '') {
      section = key
      catalog = 'default'
      const inline = /^\[(.*)\]$/.exec(entry[3]!)?.[1]
      if (key === 'packages' && inline) globs.push(...inline.split(',').map(glob => unquote(glob.trim())))
    } else if (section === 'catalogs' && value === '') catalog = key
    else if (section === 'catalog' || section === 'catalogs') addCatalog(catalogs, catalog, { [key]: value })
  }
  return globs
}

function lernaPackages(text: string): string[] {
  try {
    const json: unknown = JSON.parse(text)
    return isRecord(json) && Array.isArray(json.packages) ? json.packages.filter(item => typeof item === 'string') : []
  } catch {
    return []
  }
}

function addCatalog(catalogs: Catalogs, name: string, entries: unknown): void {
  const known = catalogs.get(name) ?? new Map<string, string>()
  for (const [dependency, range] of Object.entries(strings(entries))) known.set(dependency, range)
  if (known.size > 0) catalogs.set(name, known)
}

function strings(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unquote(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2')
}
