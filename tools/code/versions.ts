import semver from 'semver'
import { readSmall } from './files.ts'
import { type Lockfile, lockfileReaders } from './lockfiles.ts'
import type { Catalogs, Manifest, Manifests } from './packages.ts'
import { joinPath, parentFolder, relativeFolder } from './paths.ts'
import type { FileTree } from './workspace.ts'

/** What the checkout says about versions; lockfiles are read once, for all packages of a monorepo. */
interface Sources {
  root: string
  tree: FileTree
  manifests: Manifests
  lockfiles: Map<string, Lockfile | undefined>
}

/** Lockfiles of the largest monorepos have 5 MB. */
const maxLockfileBytes = 32 * 1024 * 1024
const maxManifestBytes = 1024 * 1024

/**
 * Returns a function from a package's folder to the versions of all its dependencies: what the nearest lockfile fixes, else what is installed, else the lowest version
 * that the range allows, else the range itself. Dependencies of the workspace packages that it depends on fill the gaps.
 */
export function versionReader(
  root: string,
  tree: FileTree,
  manifests: Manifests,
): (folder: string) => Record<string, string> {
  const sources: Sources = { root, tree, manifests, lockfiles: new Map() }
  return folder => dependencyVersions(sources, folder)
}

function dependencyVersions(sources: Sources, folder: string): Record<string, string> {
  const { manifests } = sources
  const versions: Record<string, string> = {}
  const seen = new Set<string>()
  const queue = [folder, ...ancestorsWithManifest(manifests, folder)]
  for (const current of queue) {
    const manifest = manifests.byFolder.get(current)
    if (manifest === undefined || seen.has(current)) continue
    seen.add(current)
    for (const [name, version] of Object.entries(ownVersions(sources, manifest))) versions[name] ??= version
    for (const name of Object.keys(manifest.dependencies)) {
      const linked = manifests.byName.get(name)
      if (linked !== undefined) queue.push(linked.folder)
    }
  }
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A version that can be compared: "16.1.2", or null for "latest", "canary", a range that is a tag, or no version at all. */
export function exactVersion(version: string | undefined): string | null {
  return version === undefined ? null : semver.valid(version)
}

function ownVersions(sources: Sources, manifest: Manifest): Record<string, string> {
  const { root, manifests } = sources
  const ranges: Record<string, string> = {}
  for (const [name, range] of Object.entries(manifest.dependencies)) {
    ranges[name] = catalogRange(manifests.catalogs, name, range)
  }
  const locked = lockedVersions(sources, manifest, ranges)
  const versions: Record<string, string> = {}
  for (const [name, range] of Object.entries(ranges)) {
    const linked = manifests.byName.get(name)
    if (linked !== undefined && (range.startsWith('workspace:') || locked[name] === undefined)) {
      versions[name] = linked.version ?? range
      continue
    }
    versions[name] =
      locked[name] ?? installedVersion(root, manifest.folder, name, range) ?? lowestVersion(range) ?? range
  }
  return versions
}

/** From the nearest folder with a lockfile. Where several lie side by side, a stale one is known by versions out of range. */
function lockedVersions(sources: Sources, manifest: Manifest, ranges: Record<string, string>): Record<string, string> {
  for (let folder: string | undefined = manifest.folder; folder !== undefined; folder = parentFolder(folder)) {
    const names = sources.tree.folders.get(folder)?.files.filter(name => Object.hasOwn(lockfileReaders, name)) ?? []
    if (names.length === 0) continue
    const order = Object.keys(lockfileReaders)
    names.sort((a, b) => order.indexOf(a) - order.indexOf(b))
    const query = { importer: relativeFolder(folder, manifest.folder), packageName: manifest.name, ranges }
    const versions: Record<string, string> = {}
    for (const name of names) {
      const locked = openLockfile(sources, joinPath(folder, name), name)?.(query) ?? {}
      for (const [dependency, version] of Object.entries(locked)) {
        if (isAllowed(version, ranges[dependency]!)) versions[dependency] ??= version
      }
    }
    if (Object.keys(versions).length > 0) return versions
  }
  return {}
}

function openLockfile(sources: Sources, file: string, name: string): Lockfile | undefined {
  if (!sources.lockfiles.has(file)) {
    const text = readSmall(sources.root, file, maxLockfileBytes)
    sources.lockfiles.set(file, text === undefined ? undefined : lockfileReaders[name]!(text))
  }
  return sources.lockfiles.get(file)
}

function isAllowed(version: string, range: string): boolean {
  const valid = semver.validRange(aliasRange(range))
  return valid === null || semver.satisfies(version, valid, { includePrerelease: true })
}

function installedVersion(root: string, folder: string, name: string, range: string): string | undefined {
  if (!/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name)) return undefined
  for (let at: string | undefined = folder; at !== undefined; at = parentFolder(at)) {
    const text = readSmall(root, joinPath(at, `node_modules/${name}/package.json`), maxManifestBytes, { follow: true })
    const version = text === undefined ? undefined : /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1]
    if (version !== undefined && semver.valid(version) !== null && isAllowed(version, range)) return version
  }
  return undefined
}

function lowestVersion(range: string): string | undefined {
  const valid = semver.validRange(aliasRange(range))
  // "*" and "latest" allow everything: the lowest version would be a guess.
  if (valid === null || valid === '*' || valid === '') return undefined
  return semver.minVersion(valid)?.version
}

/** `npm:next@^15.0.0` → `^15.0.0`, `workspace:^1.0.0` → `^1.0.0`. */
function aliasRange(range: string): string {
  return range.replace(/^npm:(?:@?[^@]+@)?/, '').replace(/^workspace:/, '')
}

function catalogRange(catalogs: Catalogs, name: string, range: string): string {
  if (!range.startsWith('catalog:')) return range
  const catalog = range.slice('catalog:'.length).trim() || 'default'
  return catalogs.get(catalog)?.get(name) ?? range
}

function ancestorsWithManifest(manifests: Manifests, folder: string): string[] {
  const found: string[] = []
  for (let at = parentFolder(folder); at !== undefined; at = parentFolder(at)) {
    if (manifests.byFolder.has(at)) found.push(at)
  }
  return found
}
