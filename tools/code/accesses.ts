import type { Meta } from './eval/values.ts'
import type { AccessDraft, AppModel, ClientRole, DataAccess, ProxyModel, ReachedEffect } from './model.ts'
import { compareText } from './order.ts'

/** One record per place, table and operation; the shapes in which it runs are kept side by side. */
export function assembleAccesses(model: AppModel): DataAccess[] {
  const found = new Map<string, { access: DataAccess; routes: Set<string>; shapes: Set<string> }>()
  const add = (list: readonly ReachedEffect[], routes: readonly string[]): void => {
    for (const r of list) {
      if (r.effect.k !== 'access') continue
      const d = r.effect.draft
      const key = accessKey(d)
      let entry = found.get(key)
      if (!entry) {
        entry = {
          access: {
            id: '',
            file: d.file,
            line: d.line,
            endLine: d.endLine,
            client: d.client,
            role: d.role,
            schema: d.schema,
            table: d.table,
            rpc: d.rpc,
            operation: d.op,
            shapes: [],
            inLoop: false,
            browser: true,
            routes: [],
          },
          routes: new Set(),
          shapes: new Set(),
        }
        found.set(key, entry)
      }
      const a = entry.access
      a.role = joinRole(a.role, d.role)
      const shape = shapeKey(d)
      if (a.shapes.length < MAX_SHAPES && !entry.shapes.has(shape)) {
        entry.shapes.add(shape)
        a.shapes.push(d)
      }
      if (r.loops.some(l => l.kind === 'data')) a.inLoop = true
      if (!r.client) a.browser = false
      for (const route of routes) entry.routes.add(route)
    }
  }
  for (const route of model.routes) add(route.effects, [route.path])
  for (const e of model.endpoints) add(e.effects, e.routes)
  for (const app of model.apps) if (app.proxy) add(app.proxy.effects, [proxyPath(app.proxy)])
  add(model.moduleEffects, [])
  add(model.unreached, [])
  const list = [...found.values()].map(e => ({ ...e.access, routes: [...e.routes].sort() }))
  list.sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      compareText(a.table ?? '', b.table ?? '') ||
      compareText(a.rpc ?? '', b.rpc ?? '') ||
      compareText(a.operation, b.operation),
  )
  list.forEach((a, i) => {
    a.id = `a${i + 1}`
  })
  return list
}

/** What stands for the proxy among the paths of routes: its matcher. Without one, or with one that cannot be read, it is every path. */
export function proxyPath({ matcher }: ProxyModel): string {
  return matcher?.length ? matcher.join(', ') : '/:path*'
}

const MAX_SHAPES = 12

/** What tells one shape from another; the id of a draft does not. */
function shapeKey(d: AccessDraft): string {
  const filters = d.filters.map(f => `${f.column}.${f.op}${f.constant}${f.listLength ?? ''}${historyKey(f.meta)}`)
  const bounds = `${d.limit ? `${d.limit.value ?? '?'}${historyKey(d.limit.meta)}` : ''}|${d.offset ? historyKey(d.offset.meta) : '-'}|${d.range}${d.single ?? ''}${d.head}${d.count ?? ''}${d.aggregate}${d.paged}`
  const raw = d.raw ? `${d.raw.line}${historyKey(d.raw.meta)}` : ''
  return `${d.role}|${d.columns ?? ''}|${filters.join()}|${bounds}|${d.order.join()}|${d.embeds.map(e => `${e.table}${e.limited}`).join()}|${historyKey(d.payload)}${d.payloadRows}${d.returning}${d.search}${d.throws}|${raw}|${d.sql ?? ''}`
}

function historyKey(m: Meta | undefined): string {
  if (!m) return ''
  return `<${m.inp?.map(i => i.ref).join('+') ?? ''}${m.auth ? 'a' : ''}${m.session ? 's' : ''}${m.credential ? 'c' : ''}>`
}

export function accessKey(d: AccessDraft): string {
  return `${d.file}:${d.line}:${d.table ?? ''}:${d.rpc ?? ''}:${d.op}`
}

function joinRole(a: ClientRole, b: ClientRole): ClientRole {
  if (a === b) return a
  if (a === 'unknown') return b
  if (b === 'unknown') return a
  // A helper that is given several clients is listed under the most privileged one; its shapes tell them apart.
  return a === 'service' || b === 'service' ? 'service' : 'user'
}
