/** Versions that a lockfile fixes, by line scans: a YAML parser needs a second for a megabyte of pnpm-lock.yaml. */

export interface LockfileQuery {
  /** Folder of the package relative to the lockfile, "." for its own folder. */
  importer: string
  /** `name` of the package that depends. */
  packageName: string | undefined
  /** Names of dependencies with their ranges as package.json says. */
  ranges: Record<string, string>
}

/** The versions (by name) that the lockfile fixes for one package. */
export type Lockfile = (query: LockfileQuery) => Record<string, string>

/** Readers by file name, most specific package manager first. */
export const lockfileReaders: Record<string, (text: string) => Lockfile> = {
  'pnpm-lock.yaml': readPnpmLock,
  'bun.lock': readBunLock,
  'yarn.lock': readYarnLock,
  'package-lock.json': readNpmLock,
  'npm-shrinkwrap.json': readNpmLock,
}

/** package-lock.json, lockfileVersion 1 to 3. */
export function readNpmLock(text: string): Lockfile {
  const lock = parseObject(text)
  const packages = asRecord(lock?.packages)
  const flat = asRecord(lock?.dependencies)
  return query => {
    const found: Record<string, string> = {}
    for (const name of Object.keys(query.ranges)) {
      const nested = parents(query.importer).map(
        folder => asRecord(packages?.[`${folder}node_modules/${name}`])?.version,
      )
      const version = nested.find(value => typeof value === 'string') ?? asRecord(flat?.[name])?.version
      if (typeof version === 'string') found[name] = version
    }
    return found
  }
}

/** pnpm-lock.yaml of pnpm 5 to 11: `importers`, or the top-level dependencies of a single package before version 9. */
export function readPnpmLock(text: string): Lockfile {
  return query => scanPnpmLock(text, query)
}

function scanPnpmLock(text: string, query: LockfileQuery): Record<string, string> {
  const found: Record<string, string> = {}
  let section = ''
  let importer = '.'
  let group = ''
  let name = ''
  let start = 0
  // The scan ends at `packages:`, which is most of the file.
  while (start < text.length) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end === -1 ? text.length : end).trimEnd()
    start = end === -1 ? text.length : end + 1
    const parsed = /^( *)('[^']+'|"[^"]+"|[^\s:][^:]*?):(?: +(.*))?$/.exec(line)
    if (parsed === null) continue
    let depth = parsed[1]!.length / 2
    const key = unquote(parsed[2]!)
    const value = parsed[3]
    if (depth === 0) {
      section = key
      if (key === 'packages' || key === 'snapshots') break
    }
    if (section === 'importers') {
      if (depth === 1) importer = key
      depth -= 2
    }
    if (importer !== query.importer || depth < 0) continue
    if (depth === 0) group = key
    if (!/^(?:d|devD|optionalD)ependencies$/.test(group)) continue
    if (depth === 1) name = key
    const version = depth === 1 ? value : depth === 2 && key === 'version' ? value : undefined
    if (version !== undefined && name in query.ranges) setVersion(found, name, pnpmVersion(unquote(version)))
  }
  return found
}

/** `16.2.6(react@19.0.0)`, `14.0.0_abc`, `/next/14.0.0_abc`, `npm-alias@1.2.3(…)`, `link:../shared`. */
function pnpmVersion(text: string): string | undefined {
  const bare = text.replace(/\(.*$/, '')
  const version = /^\d/.test(bare) ? bare : bare.replace(/^.*?[@/](?=\d)/, '')
  return /^\d+\.\d+\.\d+[^_/]*/.exec(version)?.[0]
}

/** yarn.lock of classic and berry. */
export function readYarnLock(text: string): Lockfile {
  const byDescriptor = new Map<string, string>()
  for (const entry of text.matchAll(/^("?[^\s#"][^\n]*):\r?\n(?:[ ]{2}[^\n]*\n)*?[ ]{2}version:? "?([^"\s]+)"?/gm)) {
    for (const descriptor of entry[1]!.split(',')) byDescriptor.set(descriptor.trim().replace(/"/g, ''), entry[2]!)
  }
  return query => {
    const found: Record<string, string> = {}
    for (const [name, range] of Object.entries(query.ranges)) {
      const version = byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`)
      if (version !== undefined && !version.startsWith('0.0.0-use.local')) found[name] = version
    }
    return found
  }
}

/** bun.lock: JSON with trailing commas; each package is `"key": ["name@version", …]`, a key "web/next" what web alone gets. */
export function readBunLock(text: string): Lockfile {
  const byKey = new Map<string, string>()
  for (const entry of text.matchAll(/^\s+"([^"\n]+)": \["(@?[^@"\n]+)@([^"\n]+)"/gm)) byKey.set(entry[1]!, entry[3]!)
  return query => {
    const found: Record<string, string> = {}
    for (const name of Object.keys(query.ranges)) {
      const version = byKey.get(`${query.packageName}/${name}`) ?? byKey.get(name)
      if (version !== undefined) setVersion(found, name, /^\d+\.\d+\.\d+\S*$/.exec(version)?.[0])
    }
    return found
  }
}

/** `a/b` → ["a/b/", "a/", ""], where Node looks for node_modules. */
function parents(folder: string): string[] {
  if (folder === '.' || folder === '') return ['']
  const parts = folder.split('/')
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`), '']
}

function setVersion(found: Record<string, string>, name: string, version: string | undefined): void {
  if (version !== undefined) found[name] = version
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function unquote(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2')
}
