import { isAuthenticated } from '../../playbooks/shared.ts'
import type { AppModel, RouteModel } from '../../tools/code/model.ts'

/** Routes that only signed-in visitors get: a file of their chain turns others away, or what they read is read for the caller. */
export function signedInRoutes({ routes }: AppModel): string[] {
  return routes.filter(needsVisitor).map(({ app, path }) => routeKey(app, path))
}

export function routeKey(app: string, path: string): string {
  return `${app} ${path}`
}

function needsVisitor({ chain, effects }: RouteModel): boolean {
  if (chain.some(({ guarded }) => guarded)) return true
  return effects.some(r => !r.client && r.effect.k === 'access' && isAuthenticated(r.facts))
}
