import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../errors.ts'
import { readSmall, readText, walkFiles } from './files.ts'
import { configNames, emptyConfig, readNextConfig } from './nextconfig.ts'
import { type Manifests, readManifests } from './packages.ts'
import { joinPath } from './paths.ts'
import { createResolver } from './resolve.ts'
import { defaultPageExtensions, isRouteFile } from './routefiles.ts'
import { createAliasReader } from './tsconfig.ts'
import { exactVersion, versionReader } from './versions.ts'
import type { AppInfo, FileTree, NextConfigFacts, Problem, Report, Workspace } from './workspace.ts'

/** Folders whose apps are test data of something else; they count only when there is no other app. */
const testData = /(?:^|\/)(?:__fixtures__|fixtures|__tests__|tests?|e2e)(?:\/|$)/
const maxProblems = 500

/**
 * Reads the folder once and finds the Next.js App Router apps in it, ordered by folder.
 * @throws UserError when there is nothing to audit: no folder, no package.json, no Next.js app, the Pages Router only.
 */
export function openWorkspace(folder: string, options: { exclude?: string[] } = {}): Workspace {
  const root = auditedFolder(folder)
  const problems: Problem[] = []
  const report = createReport(problems)
  const { tree, files, others } = walkFiles(root, options.exclude ?? [], report)
  if (tree.files.size === 0) throw new UserError(`${folder} holds no files: give the folder of a Next.js app`)
  const manifests = readManifests(root, tree, report)
  const apps = findApps(root, tree, manifests, report)
  if (apps.length === 0) throw new UserError(noAppMessage(folder, tree, manifests))
  for (const app of apps) reportPages(app, tree, report)
  const resolve = createResolver({
    tree,
    files,
    manifests,
    appFolders: () => apps.map(app => (app.root === '.' ? '' : app.root)),
    aliasesOf: createAliasReader(root, tree, manifests, report),
  })
  return {
    root,
    apps,
    files,
    others,
    tree,
    // Configuration is read as it is needed, so problems are still added while callers resolve.
    problems,
    read: file => readText(root, file, report),
    resolve,
  }
}

/** An app may have both routers; what lies under pages/ is not looked at, and that is said. */
function reportPages(app: AppInfo, tree: FileTree, report: Report): void {
  const base = app.appDir.slice(0, -'app'.length)
  const prefix = `${base}pages/`
  const pages = [...tree.files].filter(
    f => f.startsWith(prefix) && /\.[jt]sx?$/.test(f) && !/\/_(app|document|error)\./.test(f),
  )
  if (pages.length)
    report({ message: `${pages.length} files of the Pages Router are not looked at`, file: `${base}pages` })
}

function auditedFolder(folder: string): string {
  try {
    const root = realpathSync(path.resolve(folder))
    if (statSync(root).isDirectory()) return root
  } catch {
    throw new UserError(`${folder} does not exist or cannot be read: give the folder of a Next.js app`)
  }
  throw new UserError(`${folder} is not a folder: give the folder of a Next.js app`)
}

/** One problem for each message and file, and an end to them: a hostile repository can have any number. */
function createReport(problems: Problem[]): Report {
  const seen = new Set<string>()
  return problem => {
    const key = `${problem.file}\0${problem.message}`
    if (seen.has(key) || seen.size >= maxProblems) return
    seen.add(key)
    problems.push(problem)
  }
}

function findApps(root: string, tree: FileTree, manifests: Manifests, report: Report): AppInfo[] {
  const versionsOf = versionReader(root, tree, manifests)
  const apps: AppInfo[] = []
  for (const folder of candidateFolders(tree, manifests)) {
    const config = configOf(root, tree, folder, report)
    const appDir = ['app', 'src/app']
      .map(name => joinPath(folder, name))
      .find(directory => holdsRoutes(tree, directory, config.pageExtensions ?? defaultPageExtensions))
    if (appDir === undefined) continue
    const dependencies = versionsOf(folder)
    const next = exactVersion(dependencies.next)
    apps.push({
      root: folder === '' ? '.' : folder,
      appDir,
      next,
      dependencies,
      config,
      middleware: findMiddleware(tree, appDir, next, config.pageExtensions ?? defaultPageExtensions),
    })
  }
  apps.sort((a, b) => (a.root < b.root ? -1 : 1))
  const real = apps.filter(app => !testData.test(app.root))
  return real.length > 0 ? real : apps
}

/** Folders that may hold a Next.js app: with its configuration, or a package that depends on it or runs it. */
function candidateFolders(tree: FileTree, manifests: Manifests): string[] {
  const found: string[] = []
  for (const [folder, listing] of tree.folders) {
    if (listing.files.some(name => configNames.includes(name))) found.push(folder)
    else if (dependsOnNext(manifests, folder)) found.push(folder)
  }
  return found
}

function dependsOnNext(manifests: Manifests, folder: string): boolean {
  const manifest = manifests.byFolder.get(folder)
  if (manifest === undefined) return false
  if (manifest.dependencies.next !== undefined) return true
  return Object.values(manifest.scripts).some(script => /\bnext (?:dev|build|start)\b/.test(script))
}

function configOf(root: string, tree: FileTree, folder: string, report: Report): NextConfigFacts {
  const name = configNames.find(candidate => tree.files.has(joinPath(folder, candidate)))
  if (name === undefined) return emptyConfig()
  const file = joinPath(folder, name)
  const text = readSmall(root, file, 256 * 1024)
  if (text === undefined) report({ message: 'configuration could not be read', file })
  return text === undefined ? { ...emptyConfig(), file } : readNextConfig(file, text, report)
}

function holdsRoutes(tree: FileTree, directory: string, extensions: readonly string[]): boolean {
  const listing = tree.folders.get(directory)
  if (listing === undefined) return false
  if (listing.files.some(name => isRouteFile(name, extensions))) return true
  return listing.folders.some(name => holdsRoutes(tree, joinPath(directory, name), extensions))
}

/** Next looks beside the app folder only: in src/ when the app lives in src/app. From 16 on proxy.ts comes first. */
function findMiddleware(
  tree: FileTree,
  appDir: string,
  next: string | null,
  extensions: readonly string[],
): string | undefined {
  const beside = appDir.replace(/(?:^|\/)app$/, '')
  const hasProxy = next === null || Number(next.split('.')[0]) >= 16
  const names = hasProxy ? ['proxy', 'middleware'] : ['middleware']
  return names
    .flatMap(name => extensions.map(extension => joinPath(beside, `${name}.${extension}`)))
    .find(file => tree.files.has(file))
}

function noAppMessage(folder: string, tree: FileTree, manifests: Manifests): string {
  if (manifests.byFolder.size === 0) return `${folder} has no package.json: give the folder of a Next.js app`
  const candidates = candidateFolders(tree, manifests)
  if (candidates.length === 0) return `${folder} holds no Next.js app: no package.json in it depends on "next"`
  const pages = candidates.flatMap(candidate =>
    ['pages', 'src/pages'].map(name => joinPath(candidate, name)).filter(name => tree.folders.has(name)),
  )
  if (pages.length > 0) {
    return `${folder} uses the Pages Router only (${pages[0]}/): this tool audits App Router apps, which have an app/ folder`
  }
  return `${folder} depends on Next.js but has no app/ or src/app/ folder with a page: give the folder of an App Router app`
}
