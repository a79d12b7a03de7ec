import { metadataRoutes } from './metadatafiles.ts'
import { joinPath } from './paths.ts'
import type { AppInfo, FileTree, RouteFiles, SegmentFileRole, Workspace } from './workspace.ts'

/** What Next takes for code when next.config has no `pageExtensions`. */
export const defaultPageExtensions: readonly string[] = ['tsx', 'ts', 'jsx', 'js']

type ChainEntry = RouteFiles['chain'][number]

/** The app folder as a tree of segments. */
interface Segment {
  folder: string
  name: string
  parent: Segment | undefined
  children: Segment[]
  /** Files with a meaning for Next, by role. */
  roles: Partial<Record<SegmentFileRole, string>>
}

interface Page {
  segment: Segment
  file: string
  path: string
}

const segmentRoles = ['layout', 'template', 'error', 'loading', 'not-found'] as const
/** Of several layers of one segment: what wraps comes first. */
const roles: readonly SegmentFileRole[] = [...segmentRoles, 'default', 'page', 'route']

/** Whether a file name is that of a page, route handler or layout. */
export function isRouteFile(name: string, extensions: readonly string[]): boolean {
  return extensions.some(extension => ['page', 'route', 'layout'].some(role => name === `${role}.${extension}`))
}

/** All routes of an app as `next build` lists them, ordered by path. Intercepting routes carry `intercepts`. */
export function findRouteFiles(workspace: Workspace, app: AppInfo): RouteFiles[] {
  const extensions = app.config.pageExtensions ?? defaultPageExtensions
  const root = readSegment(workspace.tree, app.appDir, '', undefined, extensions)
  const routes = [
    ...pageRoutes(app, root),
    ...handlerRoutes(app, root),
    ...metadataRoutes(workspace, app, extensions),
    ...notFoundRoute(workspace, app, root, extensions),
  ]
  return routes.sort((a, b) => compare(a.path, b.path) || compare(a.file, b.file))
}

function readSegment(
  tree: FileTree,
  folder: string,
  name: string,
  parent: Segment | undefined,
  extensions: readonly string[],
): Segment {
  const segment: Segment = { folder, name, parent, children: [], roles: {} }
  const listing = tree.folders.get(folder)
  const files = new Set(listing?.files)
  for (const role of roles) {
    const file = extensions.map(extension => `${role}.${extension}`).find(candidate => files.has(candidate))
    if (file !== undefined) segment.roles[role] = joinPath(folder, file)
  }
  // Private folders are no segments; %5F is how a URL gets an underscore nevertheless.
  for (const child of listing?.folders.filter(candidate => !candidate.startsWith('_')) ?? []) {
    segment.children.push(readSegment(tree, joinPath(folder, child), child, segment, extensions))
  }
  return segment
}

function pageRoutes(app: AppInfo, root: Segment): RouteFiles[] {
  const byPath = new Map<string, Page[]>()
  for (const segment of allSegments(root)) {
    const file = segment.roles.page
    if (file === undefined) continue
    const path = urlPath(segment)
    const pages = byPath.get(path) ?? []
    pages.push({ segment, file, path })
    byPath.set(path, pages)
  }
  return [...byPath.values()].map(pages => {
    // A page of a slot makes a route of its own only where there is no other.
    const page = pages.find(({ segment }) => !lineage(segment).some(isSlot)) ?? pages[0]!
    const intercepts = interceptedPath(page.segment)
    return {
      ...routeAt(app, page.path, 'page', page.file),
      chain: chainOf(page, root),
      ...(intercepts === undefined ? {} : { intercepts }),
    }
  })
}

/** A handler is rendered by nothing and inherits nothing from layouts. */
function handlerRoutes(app: AppInfo, root: Segment): RouteFiles[] {
  const routes: RouteFiles[] = []
  for (const segment of allSegments(root)) {
    const file = segment.roles.route
    if (file === undefined) continue
    routes.push({ ...routeAt(app, urlPath(segment), 'handler', file), chain: [{ file, role: 'route' }] })
  }
  return routes
}

/** Every app has the route of its 404 page: its own, or Next's inside the root layout, or Next's alone. */
function notFoundRoute(workspace: Workspace, app: AppInfo, root: Segment, extensions: readonly string[]): RouteFiles[] {
  const global = extensions.map(extension => joinPath(app.appDir, `global-not-found.${extension}`))
  const file = app.config.globalNotFound ? global.find(name => workspace.tree.files.has(name)) : undefined
  if (file !== undefined)
    return [{ ...routeAt(app, '/_not-found', 'page', file), chain: [{ file, role: 'not-found' }] }]
  const own = root.roles['not-found']
  const layout = root.roles.layout
  if (own === undefined && layout === undefined)
    return [{ ...routeAt(app, '/_not-found', 'page', app.appDir), chain: [], asset: true }]
  const chain: ChainEntry[] = []
  if (layout !== undefined) chain.push({ file: layout, role: 'layout' })
  if (root.roles.template !== undefined) chain.push({ file: root.roles.template, role: 'template' })
  for (const slot of root.children.filter(isSlot)) chain.push(...defaultOf(slot))
  if (own !== undefined) chain.push({ file: own, role: 'not-found' })
  return [{ ...routeAt(app, '/_not-found', 'page', own ?? layout!), chain }]
}

function routeAt(app: AppInfo, path: string, kind: RouteFiles['kind'], file: string): Omit<RouteFiles, 'chain'> {
  return { app, path, kind, file, dynamicSegments: dynamicNames(path), asset: false }
}

/** What renders with a page: its segments from the root down, with the matching pages of the slots beside each of them. */
function chainOf(page: Page, root: Segment): ChainEntry[] {
  const line = [...lineage(page.segment)].reverse()
  const chain: ChainEntry[] = []
  for (const [index, segment] of line.entries()) {
    for (const role of segmentRoles) {
      const file = segment.roles[role]
      if (file !== undefined) chain.push({ file, role })
    }
    const rest = line.slice(index + 1)
    for (const slot of segment.children.filter(isSlot)) {
      if (slot !== rest[0]) chain.push(...slotChain(slot, rest.filter(countsInUrl)))
    }
    // The page lies in a slot: what is beside it is the segment's default.
    if (rest[0] !== undefined && isSlot(rest[0]) && segment.roles.default !== undefined && segment !== root) {
      chain.push({ file: segment.roles.default, role: 'default' })
    }
  }
  chain.push({ file: page.file, role: 'page' })
  return chain
}

/** The page that a slot shows for the segments below it, with its layouts; its default when it has none for them. */
function slotChain(slot: Segment, rest: readonly Segment[]): ChainEntry[] {
  const match = matchInSlot(slot, rest) ?? catchAllInSlot(slot)
  if (match === undefined) return defaultOf(slot)
  const chain: ChainEntry[] = []
  const line = [...lineage(match)].reverse()
  for (const segment of line.slice(line.indexOf(slot))) {
    for (const role of segmentRoles) {
      const file = segment.roles[role]
      if (file !== undefined) chain.push({ file, role })
    }
  }
  chain.push({ file: match.roles.page!, role: 'page' })
  return chain
}

function matchInSlot(segment: Segment, rest: readonly Segment[]): Segment | undefined {
  if (rest.length === 0 && segment.roles.page !== undefined) return segment
  for (const child of segment.children) {
    if (isIntercepting(child)) continue
    if (!countsInUrl(child)) {
      const found = matchInSlot(child, rest)
      if (found !== undefined) return found
    } else if (child.name === rest[0]?.name) {
      const found = matchInSlot(child, rest.slice(1))
      if (found !== undefined) return found
    }
  }
  return undefined
}

function catchAllInSlot(segment: Segment): Segment | undefined {
  return [...allSegments(segment)].find(child => /^\[?\[\.\.\./.test(child.name) && child.roles.page !== undefined)
}

function defaultOf(slot: Segment): ChainEntry[] {
  return slot.roles.default === undefined ? [] : [{ file: slot.roles.default, role: 'default' }]
}

function* allSegments(segment: Segment): Generator<Segment> {
  yield segment
  for (const child of segment.children) yield* allSegments(child)
}

/** The segment and those above it, innermost first. */
function lineage(segment: Segment): Segment[] {
  const line: Segment[] = []
  for (let at: Segment | undefined = segment; at !== undefined; at = at.parent) line.push(at)
  return line
}

function isSlot(segment: Segment): boolean {
  return segment.name.startsWith('@')
}

function isIntercepting(segment: Segment): boolean {
  return /^\(\.{1,3}\)/.test(segment.name)
}

function countsInUrl(segment: Segment): boolean {
  return !isGroupOrSlot(segment.name)
}

function urlPath(segment: Segment): string {
  return toUrlPath(
    lineage(segment)
      .reverse()
      .map(part => part.name),
  )
}

/** Segment names → URL path, as `next build` prints it. */
export function toUrlPath(names: readonly string[]): string {
  return `/${names
    .filter(name => name !== '' && !isGroupOrSlot(name))
    .map(name => name.replace(/^%5F/i, '_'))
    .join('/')}`
}

/** Groups `(x)` and slots `@x` do not show in the URL; intercepting segments `(.)x` do in what Next prints. */
export function isGroupOrSlot(name: string): boolean {
  return name.startsWith('@') || /^\((?!\.{1,3}\)).*\)$/.test(name)
}

/** The URL that an intercepting route takes over: `(.)x` same level, `(..)x` one above, `(...)x` from the root. */
function interceptedPath(segment: Segment): string | undefined {
  const names = lineage(segment)
    .reverse()
    .map(part => part.name)
    .filter(name => name !== '' && !isGroupOrSlot(name))
  let found = false
  const target: string[] = []
  for (const name of names) {
    const marker = /^((?:\(\.{1,3}\))+)(.*)$/.exec(name)
    if (marker === null) {
      target.push(name)
      continue
    }
    found = true
    if (marker[1] === '(...)') target.length = 0
    else for (let up = marker[1]!.split('(..)').length - 1; up > 0; up--) target.pop()
    target.push(marker[2]!)
  }
  return found ? toUrlPath(target) : undefined
}

/** `/a/[id]/[[...rest]]` → ["id", "rest"]. */
export function dynamicNames(path: string): string[] {
  return [...path.matchAll(/\[{1,2}(?:\.\.\.)?([^\]/]+)\]{1,2}/g)].map(match => match[1]!)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
