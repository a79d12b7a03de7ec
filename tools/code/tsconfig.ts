import { type ParseError, parse } from 'jsonc-parser'
import { readSmall } from './files.ts'
import { isRecord, type Manifests } from './packages.ts'
import { joinPath, normalisePath, parentFolder } from './paths.ts'
import type { FileTree, Report } from './workspace.ts'

/** Aliases as tsconfig.json or jsconfig.json defines them; folders and targets posix, relative to the audited folder. */
export interface Aliases {
  /** Exact names first, then patterns with the longest prefix first, as TypeScript chooses. */
  paths: { prefix: string; suffix: string; exact: boolean; targets: string[] }[]
  /** Folder that bare specifiers are tried in; undefined when there is no `baseUrl`. */
  baseUrl: string | undefined
}

interface RawConfig {
  baseUrl?: string
  paths?: { base: string; map: Record<string, string[]> }
}

/** TypeScript's own placeholder for the folder of the configuration that was asked for. */
const configDirPlaceholder = `$\{configDir}`
const noAliases: Aliases = { paths: [], baseUrl: undefined }
/** TypeScript has no limit; a chain beyond this is no configuration. */
const maxExtends = 32
const maxBytes = 256 * 1024
const maxPaths = 2000

/** Reads the configuration of a folder, following `extends`. The repository is hostile until shown otherwise: nothing outside
 * it is read, chains end, and what cannot be used is ignored with a problem. */
export function createAliasReader(
  root: string,
  tree: FileTree,
  manifests: Manifests,
  report: Report,
): (folder: string) => Aliases {
  const byFolder = new Map<string, Aliases>()
  const byFile = new Map<string, RawConfig>()

  function aliasesOf(folder: string): Aliases {
    const known = byFolder.get(folder)
    if (known !== undefined) return known
    const name = ['tsconfig.json', 'jsconfig.json'].find(file => tree.files.has(joinPath(folder, file)))
    const parent = parentFolder(folder)
    let aliases = noAliases
    if (name !== undefined) aliases = compile(readConfig(joinPath(folder, name), folder, []))
    else if (parent !== undefined) aliases = aliasesOf(parent)
    byFolder.set(folder, aliases)
    return aliases
  }

  /** `configDir`: folder of the configuration that was asked for, for its placeholder. */
  function readConfig(file: string, configDir: string, chain: readonly string[]): RawConfig {
    const known = byFile.get(`${configDir}\0${file}`)
    if (known !== undefined) return known
    const json = readJson(file)
    if (json === undefined) return {}
    const folder = parentFolder(file) ?? ''
    const config: RawConfig = {}
    for (const parent of asList(json.extends)) {
      if (chain.length >= maxExtends)
        report({ message: `extends more than ${maxExtends} files, the rest ignored`, file })
      else Object.assign(config, extendedConfig(parent, file, configDir, [...chain, file]))
    }
    Object.assign(config, ownConfig(json, folder, configDir))
    byFile.set(`${configDir}\0${file}`, config)
    return config
  }

  function extendedConfig(parent: string, file: string, configDir: string, chain: readonly string[]): RawConfig {
    const folder = parentFolder(file) ?? ''
    const target = parent.startsWith('.') ? normalisePath(folder, parent) : packageTarget(parent)
    if (target === undefined) {
      const leaves = parent.startsWith('.') || parent.startsWith('/') || /^[A-Za-z]:[\\/]/.test(parent)
      if (leaves) report({ message: `extends "${parent}" leads out of the audited folder, ignored`, file })
      return {}
    }
    const found = [target, `${target}.json`, joinPath(target, 'tsconfig.json')].find(name => tree.files.has(name))
    if (found === undefined) return {}
    if (chain.includes(found)) {
      report({ message: `extends itself through "${parent}", ignored`, file })
      return {}
    }
    return readConfig(found, configDir, chain)
  }

  /** A configuration that a workspace package shares; those of installed packages hold no paths. */
  function packageTarget(specifier: string): string | undefined {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
    const folder = name === undefined ? undefined : manifests.byName.get(name)?.folder
    return folder === undefined ? undefined : normalisePath(folder, specifier.slice(name!.length))
  }

  function readJson(file: string): Record<string, unknown> | undefined {
    const text = readSmall(root, file, maxBytes)
    if (text === undefined) {
      report({ message: `not read: larger than ${maxBytes / 1024} kB or not a text file`, file })
      return undefined
    }
    const errors: ParseError[] = []
    let json: unknown
    try {
      json = parse(text, errors, { allowTrailingComma: true })
    } catch {
      // Nested so deeply that the parser's recursion ends.
      json = undefined
    }
    if (errors.length > 0 || !isRecord(json)) report({ message: 'is not valid JSON, read as far as possible', file })
    return isRecord(json) ? json : undefined
  }

  return aliasesOf
}

function ownConfig(json: Record<string, unknown>, folder: string, configDir: string): RawConfig {
  const options = isRecord(json.compilerOptions) ? json.compilerOptions : {}
  const config: RawConfig = {}
  const locate = (path: string): string | undefined =>
    path.startsWith(configDirPlaceholder)
      ? normalisePath(configDir, path.slice(configDirPlaceholder.length))
      : normalisePath(folder, path)
  if (typeof options.baseUrl === 'string') {
    const baseUrl = locate(options.baseUrl)
    if (baseUrl !== undefined) config.baseUrl = baseUrl
  }
  if (isRecord(options.paths)) {
    const map: Record<string, string[]> = {}
    for (const [pattern, targets] of Object.entries(options.paths).slice(0, maxPaths)) {
      map[pattern] = asList(targets).map(target => target.replace(configDirPlaceholder, () => `\0${configDir}`))
    }
    config.paths = { base: folder, map }
  }
  return config
}

function compile(config: RawConfig): Aliases {
  const base = config.baseUrl ?? config.paths?.base ?? ''
  const paths = Object.entries(config.paths?.map ?? {}).map(([pattern, targets]) => {
    const star = pattern.indexOf('*')
    return {
      prefix: star === -1 ? pattern : pattern.slice(0, star),
      suffix: star === -1 ? '' : pattern.slice(star + 1),
      exact: star === -1,
      targets: targets
        .map(target => (target.startsWith('\0') ? normalisePath('', target.slice(1)) : normalisePath(base, target)))
        .filter(target => target !== undefined),
    }
  })
  paths.sort((a, b) => Number(b.exact) - Number(a.exact) || b.prefix.length - a.prefix.length)
  return { paths, baseUrl: config.baseUrl }
}

function asList(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'string')
}
