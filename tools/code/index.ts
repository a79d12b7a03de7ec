import path from 'node:path'
import { assembleAccesses } from './accesses.ts'
import { conventionsOf } from './conventions.ts'
import { openWorkspace } from './discover.ts'
import { callAction, callHandler, exportedLiteral, isolated, type Run, renderFile, wrappedIn } from './entries.ts'
import { makeCall } from './eval/expr.ts'
import { callValue } from './eval/invoke.ts'
import type { Machine } from './eval/machine.ts'
import { exportedValue, exportNames } from './eval/modules.ts'
import { type FnValue, literal, metaOf, UNK, type Value } from './eval/values.ts'
import { flatten } from './flatten.ts'
import { cutProblems, follow } from './follow.ts'
import { intlConfigOf } from './intl.ts'
import { requestValue } from './known/response.ts'
import { openLimitersIn } from './limiters.ts'
import { linkEndpoints } from './links.ts'
import { type LowerPool, openPool } from './lowerpool.ts'
import type { AppModel, Endpoint, ProxyModel, ReachedEffect, RouteModel, SegmentConfig } from './model.ts'
import { hasModel, loadModel, modelKey, saveModel } from './modelcache.ts'
import { renderingOf } from './rendering.ts'
import { findRouteFiles } from './routefiles.ts'
import { createMachine } from './runtime.ts'
import { lowerSource, scanSource } from './source.ts'
import { staticParamsOf } from './staticparams.ts'
import { compileLater } from './tiering.ts'
import type { AppInfo, RouteFiles, Workspace } from './workspace.ts'

export interface BuildOptions {
  /** Absolute path of the audited folder. */
  root: string
  /** The folder, when the caller has opened it already. */
  workspace?: Workspace
  /** Folder for the parse cache; nothing is cached without it. */
  cacheDir?: string
  exclude?: string[]
  onProgress?: (step: string, done: number, total: number) => void
  signal?: AbortSignal
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const OPTIONS = [
  'dynamic',
  'revalidate',
  'fetchCache',
  'runtime',
  'dynamicParams',
  'experimental_ppr',
  'maxDuration',
  'preferredRegion',
]

/**
 * Builds the app model from a checkout. Reads files only; executes nothing of the repository.
 * Throws UserError when there is no App-Router app to look at, and the signal's reason when aborted.
 */
export async function buildAppModel(options: BuildOptions): Promise<AppModel> {
  compileLater()
  const workspace = options.workspace ?? openWorkspace(path.resolve(options.root), { exclude: options.exclude ?? [] })
  const pool = openPool(hasModel(options.cacheDir) ? 0 : workspace.files.size)
  try {
    return await buildFrom(workspace, pool, options)
  } finally {
    pool.close()
  }
}

async function buildFrom(workspace: Workspace, pool: LowerPool, options: BuildOptions): Promise<AppModel> {
  options.onProgress?.('Finding apps and routes', 1, 1)
  const routeFiles = workspace.apps.flatMap(app => findRouteFiles(workspace, app))
  const entries = entryFiles(workspace, routeFiles)
  const files = scanSource(workspace, entries, options.signal)
  const key = modelKey(files.key, [workspace.apps, routeFiles, workspace.problems])
  const known = loadModel(options.cacheDir, key)
  if (known) return { ...known, stats: { ...known.stats, parsed: 0, cached: files.files.length } }
  const source = await lowerSource(workspace, files, {
    cacheDir: options.cacheDir,
    pool,
    onProgress: (done, total) => options.onProgress?.('Reading source', done, total),
    signal: options.signal,
  })
  for (const [file, ir] of source.modules)
    if (ir.error) workspace.problems.push({ message: `syntax error: ${ir.error.message}`, file, line: ir.error.line })
  const m = createMachine(workspace, source.modules)
  const model: AppModel = {
    apps: [],
    routes: [],
    endpoints: [],
    accesses: [],
    moduleEffects: [],
    unreached: [],
    openLimiters: openLimitersIn(source.modules),
    conventions: {},
    stats: source.stats,
    unfollowed: 0,
    problems: workspace.problems,
  }
  for (const file of source.modules.keys()) follow(m, file, () => m.loader.load(file))
  model.moduleEffects = [...source.modules.keys()].flatMap(file => flatten(m.loader.load(file)?.effects ?? []))
  for (const app of workspace.apps)
    model.apps.push({
      root: app.root,
      appDir: app.appDir,
      next: app.next,
      cacheComponents: app.config.cacheComponents,
      longLived: app.config.output === 'standalone',
      dependencies: app.dependencies,
      proxy: app.middleware === undefined ? undefined : follow(m, app.middleware, () => proxyOf(m, app)),
    })
  for (const [index, files] of routeFiles.entries()) {
    options.onProgress?.('Following routes', index, routeFiles.length)
    if (index % 8 === 0) await new Promise(resolve => setImmediate(resolve))
    options.signal?.throwIfAborted()
    followRoute(m, model, files)
  }
  addActions(m, model, workspace, [...source.modules.keys()])
  linkEndpoints(model)
  model.unreached = unreachedEffects(m, [...source.modules.keys()])
  const cut = cutProblems(m)
  model.problems.push(...cut)
  model.unfollowed = cut.length
  model.accesses = assembleAccesses(model)
  model.conventions = conventionsOf(model, source.modules)
  saveModel(options.cacheDir, key, model)
  return model
}

function entryFiles(workspace: Workspace, routes: readonly RouteFiles[]): string[] {
  const out = new Set<string>()
  for (const r of routes)
    if (!r.asset) for (const c of [{ file: r.file }, ...r.chain]) if (workspace.files.has(c.file)) out.add(c.file)
  for (const app of workspace.apps) {
    if (app.middleware) out.add(app.middleware)
    const intl = intlConfigOf(workspace, app)
    if (intl) out.add(intl)
  }
  return [...out]
}

/** What was not followed to its end may still turn out to depend on the request. */
function followRoute(m: Machine, model: AppModel, files: RouteFiles): void {
  const before = m.cut.length
  follow(m, files.file, () => addRoute(m, model, files))
  const route = model.routes.at(-1)
  const isCut = m.cut.slice(before).some(({ what }) => what !== 'loops')
  if (isCut && route?.file === files.file && route.rendering.mode !== 'dynamic')
    route.rendering = { mode: 'unknown', revalidateSeconds: null, reasons: [] }
}

function addRoute(m: Machine, model: AppModel, files: RouteFiles): void {
  const { app } = files
  const isPage = files.kind === 'page'
  const route: RouteModel = {
    app: app.root,
    path: files.path,
    kind: isPage ? 'page' : 'handler',
    metadata: files.kind === 'metadata',
    file: files.file,
    line: 1,
    methods: [],
    chain: [],
    dynamicSegments: files.dynamicSegments,
    staticParams: false,
    config: [],
    rendering: { mode: 'static', revalidateSeconds: null, reasons: [] },
    effects: [],
    ends: [],
    actions: [],
  }
  model.routes.push(route)
  if (files.asset) return
  let clientPage = false
  if (isPage) {
    for (const link of files.chain) {
      // Error boundaries are client components that the server renders only when something fails.
      if (link.role === 'error') continue
      const mod = m.loader.load(link.file)
      if (!mod) continue
      const place = { file: link.file, role: link.role, client: mod.client, guarded: false }
      route.chain.push(place)
      if (link.file === files.file) clientPage = mod.client
      // The root's not-found.tsx is the page of its own route, and a boundary on all others.
      readConfig(m, route, link.file, link.file === files.file ? 'page' : link.role)
      for (const name of ['default', 'generateMetadata', 'generateViewport'] as const) {
        const run = renderFile(m, link.file, name)
        if (run && name === 'default')
          place.guarded =
            run.returns.length > 0 && run.returns.every(r => r.f.has('auth') || r.f.has('session') || r.f.has('role'))
        if (run) route.ends.push(...run.returns.map(r => r.f))
        if (run) route.effects.push(...flatten(run.effects, { role: link.role, via: link.file }))
      }
    }
    route.line = m.loader.load(files.file)?.ir.exports.find(e => e.name === 'default')?.l ?? 1
  } else addHandler(m, model, route, files)
  const params = staticParamsOf(m, files)
  if (params) route.staticParams = true
  route.actions = [
    ...new Set(
      route.effects.flatMap(e =>
        e.effect.k === 'action-ref' ? [`${String(e.effect.data.file)}:${String(e.effect.data.line)}`] : [],
      ),
    ),
  ].sort()
  route.rendering = renderingOf({
    next: app.next,
    cacheComponents: app.config.cacheComponents,
    exported: app.config.output === 'export',
    ppr: app.config.incrementalPpr ? 'incremental' : app.config.ppr === true,
    cachedFunctions: app.config.cacheComponents || app.config.useCache === true,
    cacheProfiles: app.config.cacheProfiles ?? {},
    kind: isPage ? 'page' : 'handler',
    metadata: route.metadata,
    methods: route.methods,
    config: route.config,
    dynamicSegments: route.dynamicSegments,
    staticParams: route.staticParams,
    noPaths: params?.empty === true,
    imageMetadata: route.imageMetadata === true,
    effects: route.metadata
      ? route.effects.filter(e => e.effect.k !== 'dynamic' || !e.effect.api.startsWith('request.'))
      : route.effects,
    file: route.file,
    line: route.line,
    clientPage,
  })
}

function readConfig(m: Machine, route: RouteModel, file: string, role: string): void {
  const mod = m.loader.load(file)
  if (!mod) return
  // Templates and boundaries hold no options; those of client files are ignored, except for the runtime.
  const read = mod.client
    ? ['runtime']
    : role === 'page' || role === 'layout' || role === 'default' || role === 'route'
      ? OPTIONS
      : []
  for (const name of read) {
    const option = exportedLiteral(m, mod, name)
    if (option) route.config.push({ file, role, name, value: option.value, line: option.line } satisfies SegmentConfig)
  }
}

function addHandler(m: Machine, model: AppModel, route: RouteModel, files: RouteFiles): void {
  const mod = m.loader.load(files.file)
  if (!mod) return
  readConfig(m, route, files.file, 'route')
  if (route.metadata) {
    if (mod.ir.exports.some(e => e.name === 'generateImageMetadata' || e.name === 'generateSitemaps'))
      route.staticParams = true
    route.imageMetadata = mod.ir.exports.some(e => e.name === 'generateImageMetadata')
    const v = exportedValue(m, mod, 'default')
    const run = callHandler(m, mod, v, mod.ir.exports.find(e => e.name === 'default')?.l ?? 1)
    route.effects.push(...flatten(run.effects, { role: 'route', via: files.file }))
    return
  }
  for (const name of exportNames(m, mod)) {
    if (!METHODS.includes(name)) continue
    const entry = mod.ir.exports.find(e => e.name === name) ?? { name, l: 1, el: 1 }
    route.methods.push(name)
    const v = exportedValue(m, mod, name)
    const place = definitionOf(v, files.file, entry.l, entry.el)
    const run = callHandler(m, mod, v, entry.l)
    route.ends.push(...run.returns.map(r => r.f))
    const effects = flatten(run.effects, { role: 'route', via: files.file })
    route.effects.push(...(entry.name === 'GET' ? effects : effects.map(e => ({ ...e, role: 'write-route' }))))
    if (v.t === 'dom' && v.d === 'auth-handler') continue
    model.endpoints.push(endpoint('handler', route, entry.name, place, run, effects, v))
  }
  // Rendering looks at GET alone; the other methods are always dynamic.
  route.line =
    mod.ir.exports.find(e => e.name === 'GET')?.l ?? mod.ir.exports.find(e => METHODS.includes(e.name))?.l ?? 1
}

function endpoint(
  kind: Endpoint['kind'],
  route: Pick<RouteModel, 'app' | 'path'>,
  name: string,
  place: { file: string; line: number; endLine: number },
  run: Run,
  effects: ReachedEffect[],
  v: Value,
): Endpoint {
  return {
    app: route.app,
    kind,
    path: kind === 'handler' ? route.path : '',
    name,
    ...place,
    routes: kind === 'handler' ? [route.path] : [],
    effects,
    returns: run.returns.map(r => ({
      meta: metaOf(r.v, 6),
      line: r.line || place.line,
      endLine: r.endLine || place.endLine,
      facts: r.f,
      file: place.file,
    })),
    opaque: run.opaque,
    parameters: v.t === 'fn' ? v.d.p.length : v.t === 'native' ? 1 : (wrappedIn(v)[0]?.d.p.length ?? 1),
    parameterNames: (v.t === 'fn' ? v : wrappedIn(v)[0])?.d.p.map(p => (p.t.k === 'id' ? p.t.n : '')) ?? [],
  }
}

/** The line of the function itself where it stands in this file, else of the export. */
function definitionOf(
  v: Value,
  file: string,
  line: number,
  endLine: number,
): { file: string; line: number; endLine: number } {
  if (v.t === 'fn' && v.mod.file === file)
    return { file, line: Math.min(line, v.d.l), endLine: Math.max(endLine, v.d.el) }
  return { file, line, endLine }
}

function addActions(m: Machine, model: AppModel, workspace: Workspace, files: readonly string[]): void {
  const app = (file: string) =>
    workspace.apps
      .filter(a => a.root === '.' || file.startsWith(`${a.root}/`))
      .sort((a, b) => b.root.length - a.root.length)[0]?.root ??
    workspace.apps[0]?.root ??
    '.'
  const done = new Set<string>()
  for (const file of files) {
    const mod = m.loader.load(file)
    if (!mod?.serverActions) continue
    for (const entry of mod.ir.exports) {
      const v = exportedValue(m, mod, entry.name)
      if (v.t !== 'fn' && v.t !== 'native' && wrappedIn(v).length === 0) continue
      const place = definitionOf(v, file, entry.l, entry.el)
      if (done.has(`${file}:${place.line}`)) continue
      done.add(`${file}:${place.line}`)
      const run = follow(m, file, () => callAction(m, mod, v, entry.l))
      if (!run) continue
      model.endpoints.push(
        endpoint(
          'action',
          { app: app(file), path: '' },
          entry.name,
          place,
          run,
          flatten(run.effects, { via: file }),
          v,
        ),
      )
    }
  }
  // Inline server actions are found while their surroundings are interpreted.
  for (let i = 0; i < m.found.length; i++) {
    const found = m.found[i] as Machine['found'][number]
    if (done.has(`${found.file}:${found.line}`)) continue
    done.add(`${found.file}:${found.line}`)
    const run = follow(m, found.file, () => callAction(m, found.fn.mod, found.fn, found.line))
    if (!run) continue
    model.endpoints.push(
      endpoint(
        'action',
        { app: app(found.file), path: '' },
        found.fn.d.n ?? `action at line ${found.line}`,
        { file: found.file, line: found.line, endLine: found.fn.d.el },
        run,
        flatten(run.effects, { via: found.file }),
        found.fn,
      ),
    )
  }
  for (const found of m.procedures) {
    const at = makeCall(m, [], undefined, found.line, found.line, found.line, false)
    const run = follow(m, found.mod.file, () =>
      isolated(m, found.mod, () => callValue(m, found.value, [{ t: 'in', ref: 'arg0' }], at)),
    )
    if (!run) continue
    model.endpoints.push(
      endpoint(
        'procedure',
        { app: app(found.mod.file), path: '' },
        `procedure at line ${found.line}`,
        { file: found.mod.file, line: found.line, endLine: found.line },
        run,
        flatten(run.effects, { via: found.mod.file }),
        found.value,
      ),
    )
  }
}

function proxyOf(m: Machine, app: AppInfo): ProxyModel | undefined {
  if (!app.middleware) return undefined
  const mod = m.loader.load(app.middleware)
  if (!mod) return undefined
  const name = ['proxy', 'middleware', 'default'].find(n => mod.ir.exports.some(e => e.name === n))
  if (!name) return undefined
  const line = mod.ir.exports.find(e => e.name === name)?.l ?? 1
  const v = exportedValue(m, mod, name)
  const run = isolated(m, mod, () => {
    const args = [requestValue('proxy'), UNK]
    const at = makeCall(m, args, undefined, line, line, line, false)
    let last = callValue(m, v, args, at)
    for (const f of wrappedIn(v)) last = callValue(m, f, args, at)
    return last
  })
  const config = exportedValue(m, mod, 'config')
  const matcher = config.t === 'obj' ? config.p.get('matcher') : undefined
  const patterns = matcher ? matcherPatterns(matcher) : undefined
  return {
    file: app.middleware,
    line,
    matcher: patterns,
    matcherUnknown: matcher !== undefined && patterns === undefined,
    ends: run.returns.map(r => r.f),
    effects: flatten(run.effects, { via: app.middleware }),
  }
}

function matcherPatterns(v: Value): string[] | undefined {
  const one = literal(v)
  if (typeof one === 'string') return [one]
  if (v.t !== 'arr' || !v.items) return undefined
  const out: string[] = []
  for (const item of v.items) {
    const source = item.t === 'obj' ? item.p.get('source') : item
    const text = source ? literal(source) : undefined
    if (typeof text !== 'string') return undefined
    out.push(text)
  }
  return out
}

/** Functions that nothing reaches still read data: they are run with unknown arguments so that every access is listed. */
function unreachedEffects(m: Machine, files: readonly string[]): ReachedEffect[] {
  const out: ReachedEffect[] = []
  for (const file of files) {
    const mod = m.loader.load(file)
    if (!mod) continue
    const functions: FnValue[] = []
    for (const cell of mod.env.vars.values()) {
      if (cell.v.t === 'fn' && cell.v.mod === mod) functions.push(cell.v)
      if (cell.v.t === 'obj') for (const x of cell.v.p.values()) if (x.t === 'fn' && x.mod === mod) functions.push(x)
    }
    for (const f of functions) {
      if (m.visited.has(f.d)) continue
      const at = makeCall(m, [], undefined, f.d.l, f.d.l, f.d.el, false)
      const args = f.d.p.map(() => UNK)
      const run = follow(m, file, () => isolated(m, mod, () => callValue(m, f, args, at)))
      if (run) out.push(...flatten(run.effects))
    }
  }
  return out
}
