import type { AccessDraft, AppModel, ClientRole, DataAccess, ReachedEffect } from './model.ts'

/** One record per place, table and operation; the shapes in which it runs are kept side by side. */
export function assembleAccesses(model: AppModel): DataAccess[] {
  const found = new Map<string, { access: DataAccess; routes: Set<string>; server: boolean }>()
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
          server: false,
        }
        found.set(key, entry)
      }
      const a = entry.access
      a.role = joinRole(a.role, d.role)
      if (!a.shapes.includes(d) && a.shapes.length < 12) a.shapes.push(d)
      if (r.loops.some(l => l.kind === 'data')) a.inLoop = true
      if (!r.client) a.browser = false
      for (const route of routes) entry.routes.add(route)
    }
  }
  for (const route of model.routes) add(route.effects, [route.path])
  for (const e of model.endpoints) add(e.effects, e.routes)
  for (const app of model.apps) if (app.proxy) add(app.proxy.effects, [])
  add(model.moduleEffects, [])
  add(model.unreached, [])
  const list = [...found.values()].map(e => ({ ...e.access, routes: [...e.routes].sort() }))
  list.sort((a, b) =>
    a.file < b.file
      ? -1
      : a.file > b.file
        ? 1
        : a.line - b.line || (a.table ?? '').localeCompare(b.table ?? '') || a.operation.localeCompare(b.operation),
  )
  list.forEach((a, i) => {
    a.id = `a${i + 1}`
  })
  return list
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
