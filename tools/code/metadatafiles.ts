import { joinPath } from './paths.ts'
import { dynamicNames, toUrlPath } from './routefiles.ts'
import type { AppInfo, FileTree, RouteFiles, Workspace } from './workspace.ts'

/**
 * Metadata files are routes of their own. Source of names and extensions: Next's
 * `lib/metadata/is-metadata-route.ts`. favicon.ico is served, but not listed.
 */
const images: Record<string, string[]> = {
  icon: ['ico', 'jpg', 'jpeg', 'png', 'svg'],
  'apple-icon': ['jpg', 'jpeg', 'png'],
  'opengraph-image': ['jpg', 'jpeg', 'png', 'gif'],
  'twitter-image': ['jpg', 'jpeg', 'png', 'gif'],
}
const imageName = /^(icon|apple-icon|opengraph-image|twitter-image)(\d?)\.(\w+)$/

/** Routes of icons, social images, sitemaps, robots and the web manifest. */
export function metadataRoutes(workspace: Workspace, app: AppInfo, pageExtensions: readonly string[]): RouteFiles[] {
  // Metadata may be TypeScript or JavaScript whatever `pageExtensions` says of pages (.mdx and the like).
  const code = new Set([...pageExtensions, 'tsx', 'ts', 'jsx', 'js'])
  const routes: RouteFiles[] = []
  for (const { folder, names } of segmentFolders(workspace.tree, app.appDir)) {
    for (const name of workspace.tree.folders.get(folder)?.files ?? []) {
      const served = servedName(name, names.length === 0, code)
      if (served === undefined) continue
      const file = joinPath(folder, name)
      const path = toUrlPath([
        ...names,
        isSplit(workspace, file, served.asset) ? withoutExtension(served.name) : served.name,
      ])
      routes.push({
        app,
        path,
        kind: 'metadata',
        file,
        chain: [{ file, role: 'metadata' }],
        dynamicSegments: [...dynamicNames(path), ...imageIds(workspace, app, file, served.asset)],
        asset: served.asset,
      })
    }
  }
  return routes
}

/** File name → last segment of its URL. Hashes that Next appends inside groups and slots are left out: they say nothing. */
function servedName(
  name: string,
  isRoot: boolean,
  code: ReadonlySet<string>,
): { name: string; asset: boolean } | undefined {
  const dot = name.indexOf('.')
  const stem = name.slice(0, dot)
  const extension = name.slice(dot + 1)
  if (stem === 'sitemap' && (extension === 'xml' || code.has(extension))) {
    return { name: 'sitemap.xml', asset: extension === 'xml' }
  }
  if (isRoot && stem === 'robots' && (extension === 'txt' || code.has(extension))) {
    return { name: 'robots.txt', asset: extension === 'txt' }
  }
  if (isRoot && stem === 'manifest') {
    if (extension === 'webmanifest' || extension === 'json') return { name, asset: true }
    return code.has(extension) ? { name: 'manifest.webmanifest', asset: false } : undefined
  }
  const image = imageName.exec(name)
  if (image === null) return undefined
  if (code.has(image[3]!)) return { name: `${image[1]}${image[2]}`, asset: false }
  return images[image[1]!]!.includes(image[3]!) ? { name, asset: true } : undefined
}

/**
 * Where `generateSitemaps` makes several files of one, Next prints "/sitemap/[__metadata_id__]": the placeholder is left out,
 * as hashes are.
 */
function isSplit(workspace: Workspace, file: string, asset: boolean): boolean {
  if (asset || !/(?:^|\/)sitemap\.\w+$/.test(file)) return false
  return /\bgenerateSitemaps\b/.test(workspace.read(file) ?? '')
}

/** Before 16, images of `generateImageMetadata` are not prerendered: their number is a dynamic segment without parameters. */
function imageIds(workspace: Workspace, app: AppInfo, file: string, asset: boolean): string[] {
  if (asset || !imageName.test(baseName(file)) || Number(app.next?.split('.')[0] ?? 16) >= 16) return []
  return /\bgenerateImageMetadata\b/.test(workspace.read(file) ?? '') ? ['__metadata_id__'] : []
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

function withoutExtension(name: string): string {
  return name.replace(/\.\w+$/, '')
}

/** Folders of the app that are segments, with the names of the segments from the app folder down. */
function segmentFolders(tree: FileTree, appDir: string): { folder: string; names: string[] }[] {
  const found: { folder: string; names: string[] }[] = []
  const visit = (folder: string, names: string[]): void => {
    found.push({ folder, names })
    for (const child of tree.folders.get(folder)?.folders ?? []) {
      if (!child.startsWith('_')) visit(joinPath(folder, child), [...names, child])
    }
  }
  visit(appDir, [])
  return found
}
