import type { AppModel, Endpoint, ReachedEffect } from './model.ts'

/** Which pages lead to an endpoint: their components call the action, or request the handler from the browser. */
export function linkEndpoints(model: AppModel): void {
  linkActions(model)
  linkHandlers(model)
  linkProcedures(model)
  for (const e of model.endpoints) e.routes = [...new Set(e.routes)].sort()
}

function linkActions(model: AppModel): void {
  const actions = model.endpoints.filter(e => e.kind === 'action')
  const byPlace = new Map(actions.map(e => [`${e.file}:${e.line}`, e]))
  for (const route of model.routes) {
    for (const key of route.actions) {
      const target = byPlace.get(key) ?? actions.find(e => holds(e, key))
      target?.routes.push(route.path)
    }
  }
}

function holds(e: Endpoint, place: string): boolean {
  if (!place.startsWith(`${e.file}:`)) return false
  const line = Number(place.slice(e.file.length + 1))
  return line >= e.line && line <= e.endLine
}

function linkHandlers(model: AppModel): void {
  const handlers = model.endpoints
    .filter(e => e.kind === 'handler')
    .map(endpoint => ({ endpoint, pattern: patternOf(endpoint.path) }))
  for (const route of model.routes) {
    if (route.kind !== 'page') continue
    for (const request of requestsOf(route.effects)) {
      const [method, path] = request.split(' ') as [string, string]
      for (const { endpoint, pattern } of handlers)
        if (endpoint.app === route.app && endpoint.name === method && pattern.test(path))
          endpoint.routes.push(route.path)
    }
  }
}

/** "GET /api/parts/\u0001" for every request of the app's own from the browser. */
function requestsOf(effects: readonly ReachedEffect[]): Set<string> {
  const out = new Set<string>()
  for (const { effect, client } of effects)
    if (client && effect.k === 'external' && effect.path) out.add(`${effect.method} ${effect.path}`)
  return out
}

/** What a path may look like in the source: unknown parts (U+0001) stand for one segment or more. */
function patternOf(path: string): RegExp {
  const segments = path.split('/').filter(Boolean)
  const source = segments.map(s => {
    if (s.startsWith('[[...')) return '(?:/.*)?'
    if (s.startsWith('[...')) return '/.+'
    if (s.startsWith('[')) return '/[^/]+'
    return `/${s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`
  })
  return new RegExp(`^${source.join('')}/?$`)
}

/** tRPC procedures are called through the handler that serves their router. */
function linkProcedures(model: AppModel): void {
  const procedures = model.endpoints.filter(e => e.kind === 'procedure')
  if (procedures.length === 0) return
  const serving = model.routes.filter(r => r.effects.some(e => e.effect.k === 'props' && e.effect.data.trpcHandler))
  for (const e of procedures) e.routes.push(...serving.filter(r => r.app === e.app).map(r => r.path))
}
