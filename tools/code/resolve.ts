import { builtinModules } from 'node:module'
import { isRecord, type Manifest, type Manifests, packageOf } from './packages.ts'
import { joinPath, normalisePath, parentFolder } from './paths.ts'
import type { Aliases } from './tsconfig.ts'
import type { FileEntry, FileTree, Resolution } from './workspace.ts'

export interface ResolverInput {
  tree: FileTree
  files: Map<string, FileEntry>
  manifests: Manifests
  /** Folders of the apps: their aliases hold for the packages that they bundle as well. */
  appFolders: () => readonly string[]
  aliasesOf: (folder: string) => Aliases
}

const extensions = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cjs', '.cts', '.json']
/** What TypeScript writes for a source file → what the source file may be called. */
const sourceOf: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}
const assetExtension =
  /\.(?:css|s[ac]ss|less|styl|pcss|svg|png|jpe?g|gif|webp|avif|ico|bmp|woff2?|[ot]tf|eot|mp[34]|webm|og[gv]|wav|pdf|txt|mdx?|html?|wasm|json[5c]?|ya?ml|toml|graphql|gql|glsl|vert|frag|sql|csv|xml|node)$/i
/** Conditions of a server bundle; "types" and "source" last resort, as they point at sources when the rest is not built. */
const conditions = new Set(['import', 'module', 'node', 'react-server', 'require', 'default', 'source', 'development'])
const builtFolder = /(^|\/)(?:dist|lib|build|out|esm|cjs|es)(?:\/(?:esm|cjs|src|es|types))?\//
const builtins = new Set(builtinModules)
const assets: Resolution = { kind: 'asset' }
const unresolved: Resolution = { kind: 'unresolved' }

/** Resolution of module specifiers as the bundler does it, over the files of the walk alone. Answers are remembered. */
export function createResolver(input: ResolverInput): (from: string, specifier: string) => Resolution {
  const { tree, files, manifests } = input
  const known = new Map<string, Map<string, Resolution>>()

  return function resolve(from, specifier) {
    const folder = parentFolder(from) ?? ''
    const answers = known.get(folder) ?? new Map<string, Resolution>()
    known.set(folder, answers)
    const answer = answers.get(specifier) ?? resolveUncached(from, folder, specifier)
    answers.set(specifier, answer)
    return answer
  }

  function resolveUncached(from: string, folder: string, written: string): Resolution {
    // "./icon.svg?react", "./worker?worker": the query is for the bundler.
    const specifier = written.replace(/\?.*$/, '')
    if (specifier === '' || /^(?:https?|data|file|bun|deno|blob):/.test(specifier)) return unresolved
    const foreign = /^(?:npm|jsr):\/?((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?\/?(.*)$/.exec(specifier)
    if (foreign !== null) return { kind: 'package', name: foreign[1]!, subpath: foreign[2]! }
    if (specifier.startsWith('node:')) return { kind: 'package', name: specifier, subpath: '' }
    if (/^\.\.?(?:\/|$)/.test(specifier))
      return fileAt(normalisePath(folder, specifier), specifier) ?? missing(specifier)
    if (specifier.startsWith('/')) return missing(specifier)
    return byAlias(folder, specifier) ?? byName(from, specifier) ?? byAppAlias(specifier) ?? missingOrPackage(specifier)
  }

  function byAlias(folder: string, specifier: string): Resolution | undefined {
    const aliases = input.aliasesOf(folder)
    for (const { prefix, suffix, exact, targets } of aliases.paths) {
      if (exact ? specifier !== prefix : !specifier.startsWith(prefix) || !specifier.endsWith(suffix)) continue
      if (!exact && specifier.length < prefix.length + suffix.length) continue
      const matched = exact ? '' : specifier.slice(prefix.length, specifier.length - suffix.length)
      for (const target of targets) {
        const found = fileAt(
          normalisePath(
            '',
            target.replace('*', () => matched),
          ),
          specifier,
        )
        if (found !== undefined) return found
      }
    }
    if (aliases.baseUrl === undefined) return undefined
    return fileAt(normalisePath(aliases.baseUrl, specifier), specifier)
  }

  /** A shared package is bundled with the aliases of the app that imports it. */
  function byAppAlias(specifier: string): Resolution | undefined {
    for (const app of input.appFolders()) {
      const found = byAlias(app, specifier)
      if (found !== undefined) return found
    }
    return undefined
  }

  function byName(from: string, specifier: string): Resolution | undefined {
    const own = packageOf(manifests, from)
    if (specifier.startsWith('#')) {
      if (own === undefined || !isRecord(own.imports)) return undefined
      for (const target of mappedTargets(own.imports, specifier)) {
        const found = target.startsWith('.') ? inPackage(own, target) : importTarget(from, target, specifier)
        if (found !== undefined) return found
      }
      return undefined
    }
    const { name, subpath } = splitName(specifier)
    if (builtins.has(name)) return { kind: 'package', name, subpath }
    const manifest = manifests.byName.get(name) ?? (own?.name === name && own.exports !== undefined ? own : undefined)
    return manifest === undefined ? undefined : packageEntry(manifest, subpath, specifier)
  }

  /** `imports` may lead to another package, but not to another `#name`. */
  function importTarget(from: string, target: string, specifier: string): Resolution | undefined {
    if (target.startsWith('#') || target === specifier) return undefined
    return byName(from, target) ?? missingOrPackage(target)
  }

  function packageEntry(manifest: Manifest, subpath: string, specifier: string): Resolution {
    const request = subpath === '' ? '.' : `./${subpath}`
    if (manifest.exports !== undefined && manifest.exports !== null) {
      for (const target of mappedTargets(exportsMap(manifest.exports), request)) {
        const found = inPackage(manifest, target)
        if (found !== undefined) return found
      }
    }
    const candidates = subpath === '' ? [...manifest.mains, 'index', 'src/index', 'src'] : [subpath, `src/${subpath}`]
    for (const candidate of candidates) {
      const found = inPackage(manifest, candidate)
      if (found !== undefined) return found
    }
    return missing(specifier)
  }

  /** A file that a package names, or, where that has not been built, the source that it will be built from. */
  function inPackage(manifest: Manifest, target: string): Resolution | undefined {
    const path = normalisePath(manifest.folder, target)
    if (path === undefined) return undefined
    const found = fileAt(path, target)
    if (found !== undefined && found.kind === 'file') return found
    const inside = manifest.folder === '' ? path : path.slice(manifest.folder.length + 1)
    const bare = inside.replace(/\.d\.([cm]?)ts$/, '.$1js')
    for (const source of [bare.replace(builtFolder, '$1src/'), bare.replace(builtFolder, '$1'), bare]) {
      const mapped = fileAt(joinPath(manifest.folder, source), target)
      if (mapped !== undefined && mapped.kind === 'file') return mapped
    }
    return found
  }

  /** File or folder index at a path without or with extension; undefined when there is nothing. */
  function fileAt(path: string | undefined, specifier: string): Resolution | undefined {
    if (path === undefined) return undefined
    const found = lookUp(path)
    if (found !== undefined) return files.has(found) ? { kind: 'file', path: found } : assets
    if (tree.links.size === 0) return undefined
    const behind = behindLink(path)
    return behind === undefined ? undefined : fileAt(behind, specifier)
  }

  function lookUp(path: string, depth = 0): string | undefined {
    if (tree.files.has(path)) return path
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0]
    if (extension !== undefined) {
      const stem = path.slice(0, -extension.length)
      const source = sourceOf[extension]?.find(candidate => tree.files.has(stem + candidate))
      if (source !== undefined) return stem + source
    }
    for (const candidate of extensions) if (tree.files.has(path + candidate)) return path + candidate
    if (!tree.folders.has(path)) return tree.files.has(`${path}.d.ts`) ? `${path}.d.ts` : undefined
    const main = manifests.byFolder.get(path)?.mains[0]
    const mainPath = main === undefined ? undefined : normalisePath(path, main)
    // Two packages may name each other.
    if (mainPath !== undefined && depth < 4) {
      const found = lookUp(mainPath, depth + 1)
      if (found !== undefined) return found
    }
    for (const candidate of extensions) {
      const index = joinPath(path, `index${candidate}`)
      if (tree.files.has(index)) return index
    }
    return undefined
  }

  /** The walk visits what symbolic links point to under its own name only. */
  function behindLink(path: string): string | undefined {
    for (let at: string | undefined = path; at !== undefined && at !== ''; at = parentFolder(at)) {
      const target = tree.links.get(at)
      if (target !== undefined) return normalisePath(target, path.slice(at.length))
    }
    return undefined
  }
}

function missing(specifier: string): Resolution {
  return assetExtension.test(specifier) ? assets : unresolved
}

function missingOrPackage(specifier: string): Resolution {
  // "@/x" and "~/x" are no package names: an alias that leads nowhere.
  if (/^(?:@\/|~|#)/.test(specifier)) return missing(specifier)
  const { name, subpath } = splitName(specifier)
  if (!/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name)) return missing(specifier)
  return /\.(?:css|s[ac]ss|less|json|svg|png|woff2?)$/.test(subpath) ? assets : { kind: 'package', name, subpath }
}

function splitName(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return { name: parts.slice(0, length).join('/'), subpath: parts.slice(length).join('/') }
}

/** `exports` in its short forms as a map of sub-paths. */
function exportsMap(exports: unknown): Record<string, unknown> {
  if (!isRecord(exports)) return { '.': exports }
  return Object.keys(exports).some(key => key.startsWith('.')) ? exports : { '.': exports }
}

/** What a map of `exports` or `imports` offers for a request, best first. */
function mappedTargets(map: Record<string, unknown>, request: string): string[] {
  if (Object.hasOwn(map, request)) return conditionalTargets(map[request], 0)
  let best: { prefix: string; target: unknown; matched: string } | undefined
  for (const [pattern, target] of Object.entries(map)) {
    const star = pattern.indexOf('*')
    const isFolder = star === -1 && pattern.endsWith('/')
    if (star === -1 && !isFolder) continue
    const prefix = isFolder ? pattern : pattern.slice(0, star)
    const suffix = isFolder ? '' : pattern.slice(star + 1)
    if (!request.startsWith(prefix) || !request.endsWith(suffix) || request.length < prefix.length + suffix.length)
      continue
    if (best !== undefined && best.prefix.length >= prefix.length) continue
    best = { prefix, target, matched: request.slice(prefix.length, request.length - suffix.length) }
  }
  if (best === undefined) return []
  const { matched } = best
  return conditionalTargets(best.target, 0).map(target =>
    target.endsWith('/') ? target + matched : target.replaceAll('*', () => matched),
  )
}

function conditionalTargets(target: unknown, depth: number): string[] {
  if (typeof target === 'string') return [target]
  if (depth > 16) return []
  if (Array.isArray(target)) return target.flatMap(item => conditionalTargets(item, depth + 1))
  if (!isRecord(target)) return []
  const active = Object.keys(target).filter(key => conditions.has(key))
  const rest = Object.keys(target).filter(key => !conditions.has(key))
  return [...active, ...rest].flatMap(key => conditionalTargets(target[key], depth + 1))
}
