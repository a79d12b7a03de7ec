/**
 * What the checkout holds, before any syntax is read: apps, source files, module resolution.
 * Implementations live beside this file (discover.ts, files.ts, resolve.ts, scan.ts, routefiles.ts).
 */

export interface Problem {
  message: string
  file?: string
  line?: number
}

export interface FileEntry {
  /** Posix path relative to the audited folder. */
  path: string
  bytes: number
}

/** Notes a problem; the same one twice is noted once. */
export type Report = (problem: Problem) => void

/** Everything the one walk has seen, whatever its type. Folders are posix, "" for the audited folder. */
export interface FileTree {
  files: Set<string>
  folders: Map<string, { folders: string[]; files: string[] }>
  /** Symbolic links inside the audited folder → what they point to inside it. */
  links: Map<string, string>
}

export interface NextConfigFacts {
  file: string | undefined
  /** `cacheComponents` (16+), or `experimental.dynamicIO` before it. */
  cacheComponents: boolean
  /** Seconds of `revalidate` in `cacheLife` profiles of the app's own. */
  cacheProfiles?: Record<string, number>
  /** `experimental.useCache`: allows 'use cache', but leaves rendering modes as they are. */
  useCache?: boolean
  /** `experimental.ppr: true` (canaries before 16): parts of all routes may wait for the request; fetch caches as without it. */
  ppr?: boolean
  /** `experimental.ppr: 'incremental'`: only segments that export `experimental_ppr = true`. */
  incrementalPpr?: boolean
  /** `experimental.globalNotFound`: app/global-not-found is the 404 page, without layouts. */
  globalNotFound?: boolean
  /** `serverActions.bodySizeLimit`, when it is a literal: bytes or text such as "4mb". */
  bodySizeLimit?: string | number
  /** `output`, when it is a literal ("export", "standalone"). */
  output?: string
  basePath?: string
  pageExtensions?: string[]
}

export interface AppInfo {
  /** Posix folder relative to the audited folder, "." for the folder itself. */
  root: string
  /** Posix path of the app directory relative to the audited folder, e.g. "apps/web/src/app". */
  appDir: string
  /** Version from the lockfile or node_modules, else the lowest version that the range in package.json allows; null when unknown. */
  next: string | null
  /** All dependency versions of the app, resolved the same way (name → version or range). */
  dependencies: Record<string, string>
  config: NextConfigFacts
  /** middleware.ts or proxy.ts that Next really picks up (a root middleware.ts is ignored when the app lives under src/). */
  middleware: string | undefined
}

export type Resolution =
  | { kind: 'file'; path: string }
  | { kind: 'package'; name: string; subpath: string }
  | { kind: 'asset' }
  | { kind: 'unresolved' }

export interface Workspace {
  /** Absolute path of the audited folder (native separators). */
  root: string
  apps: AppInfo[]
  /** Source files (.ts .tsx .js .jsx .mts .mjs .cts .cjs), by posix path; declaration files, tests, stories and generated bundles left out. */
  files: Map<string, FileEntry>
  /** Other files of interest, posix: *.sql, *.prisma, vercel.json, supabase/config.toml, database types. */
  others: string[]
  /** All files and folders of the walk, for what is found by name rather than by content (routes, configuration). */
  tree: FileTree
  problems: Problem[]
  /** Decoded text (UTF-8, UTF-16 with BOM); undefined when unreadable. Not cached: callers read each file once. */
  read(path: string): string | undefined
  resolve(from: string, specifier: string): Resolution
}

/** What the text of a file gives away without parsing. */
export interface TextScan {
  /** Module specifiers of static imports, re-exports, dynamic imports and require() with a literal. Type-only imports left out. */
  imports: string[]
  directive: 'use client' | 'use server' | undefined
  /** The text holds something that the app model has an interest in: what imports it may matter through it. */
  relevant: boolean
  /** It matters to relevant files that import it, and to nothing else. */
  helper: boolean
}

export type SegmentFileRole =
  | 'layout'
  | 'template'
  | 'page'
  | 'default'
  | 'route'
  | 'metadata'
  | 'loading'
  | 'error'
  | 'not-found'

/** One route of the App Router as the file system defines it. */
export interface RouteFiles {
  app: AppInfo
  /** URL path with dynamic segments, route groups and slots removed: "/engines/[slug]". */
  path: string
  kind: 'page' | 'handler' | 'metadata'
  /** page.tsx, route.ts, or the metadata file (sitemap.ts, icon.svg, opengraph-image.png…). */
  file: string
  /** Layouts, templates and parallel slots' pages that render with it, outermost first, the page last. */
  chain: { file: string; role: SegmentFileRole }[]
  /** Names of dynamic segments, e.g. ["slug"]; catch-all included. */
  dynamicSegments: string[]
  /**
   * URL that an intercepting route (`(.)x`) takes over on client navigation; its own path is as `next build` prints it,
   * "/feed/(.)photo/[id]".
   */
  intercepts?: string
  /** A metadata file that is an image or text asset, with no code. */
  asset: boolean
}
