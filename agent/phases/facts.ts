import { boundOf } from '../../playbooks/bounds.ts'
import type { Assessment, AssessmentAccess, AssessmentRoute } from '../../reports/assessment.ts'
import { proxyPath } from '../../tools/code/accesses.ts'
import type { AppModel, DataAccess, ReachedEffect, RouteModel } from '../../tools/code/model.ts'
import type { SchemaModel } from '../../tools/schema/model.ts'
import { compareText } from '../text.ts'
import { undecidedGuards } from './undecided.ts'

/** The part of the app model that the assessment shows. */
export interface CodeFacts {
  apps: Assessment['apps']
  routes: AssessmentRoute[]
  accesses: AssessmentAccess[]
  conventions: Record<string, string>
  unknown: { what: string; count: number }[]
  /** Whether any app depends on supabase-js or its kin. */
  supabase: boolean
}

export function codeFacts(model: AppModel, schema: SchemaModel | undefined): CodeFacts {
  const accesses = model.accesses.map(access => accessOf(access, schema))
  const routes = routesOf(model)
  return {
    apps: model.apps.map(({ root, next, cacheComponents, dependencies, appDir }) => ({
      root,
      next,
      cacheComponents,
      supabaseJs: dependencies['@supabase/supabase-js'] ?? null,
      appDir,
    })),
    routes,
    accesses,
    conventions: conventionsOf(model),
    unknown: unknownOf(model, accesses, routes),
    supabase: model.apps.some(({ dependencies }) =>
      Object.keys(dependencies).some(name => name.startsWith('@supabase/')),
    ),
  }
}

function accessOf(access: DataAccess, schema: SchemaModel | undefined): AssessmentAccess {
  const { id, file, line, client, table, rpc, operation, role, inLoop } = access
  return { id, file, line, client, table, rpc, operation, role, bound: boundOf(access, schema), inLoop }
}

function routesOf(model: AppModel): AssessmentRoute[] {
  const idsOf = accessIds(model.accesses)
  const pages = model.routes.map(route => routeOf(route, idsOf))
  const actions = model.endpoints
    .filter(({ kind }) => kind !== 'handler')
    .map(({ app, name, file, line, effects }): AssessmentRoute => {
      return { app, path: '', kind: 'action', file, line, name, rendering: null, accesses: idsOf(effects) }
    })
  const proxies = model.apps.flatMap(({ root, proxy }): AssessmentRoute[] => {
    if (!proxy) return []
    const { file, line, matcher, matcherUnknown, effects } = proxy
    return [
      {
        app: root,
        path: proxyPath(proxy),
        kind: 'proxy',
        file,
        line,
        ...(matcherUnknown ? {} : { matcher: matcher ?? null }),
        rendering: null,
        accesses: idsOf(effects),
      },
    ]
  })
  return [...pages, ...actions, ...proxies].sort(compareRoutes)
}

function routeOf(route: RouteModel, idsOf: (effects: readonly ReachedEffect[]) => string[]): AssessmentRoute {
  const { app, path, kind, file, line, methods, rendering, effects } = route
  return {
    app,
    path,
    kind,
    file,
    line,
    ...(methods.length > 0 ? { name: methods.join(', ') } : {}),
    rendering:
      kind === 'proxy'
        ? null
        : {
            mode: rendering.mode,
            revalidateSeconds: rendering.revalidateSeconds,
            reasons: rendering.reasons.map(reason => `${reason.text} (${reason.file}:${reason.line})`),
          },
    accesses: idsOf(effects),
  }
}

/** The accesses that effects stand for: by place, since one access has a draft for every way in which it runs. */
function accessIds(accesses: readonly DataAccess[]): (effects: readonly ReachedEffect[]) => string[] {
  const order = new Map(accesses.map(({ id }, index) => [id, index]))
  const byPlace = new Map<string, string[]>()
  for (const access of accesses) {
    const place = placeOf(access, access.operation)
    byPlace.set(place, [...(byPlace.get(place) ?? []), access.id])
  }
  return effects => {
    const ids = new Set<string>()
    for (const { effect } of effects) {
      if (effect.k !== 'access') continue
      for (const id of byPlace.get(placeOf(effect.draft, effect.draft.op)) ?? []) ids.add(id)
    }
    return [...ids].sort((a, b) => order.get(a)! - order.get(b)!)
  }
}

function placeOf(
  access: { file: string; line: number; table: string | null; rpc: string | null },
  operation: string,
): string {
  return [access.file, access.line, access.table, access.rpc, operation].join('\0')
}

function compareRoutes(a: AssessmentRoute, b: AssessmentRoute): number {
  return (
    compareText(a.app, b.app) ||
    KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
    compareText(a.path, b.path) ||
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.name ?? '', b.name ?? '')
  )
}

const KIND_ORDER = ['page', 'handler', 'action', 'proxy']

function conventionsOf({ conventions }: AppModel): Record<string, string> {
  const known = Object.entries(conventions).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(known.sort(([a], [b]) => compareText(a, b)))
}

/** What could not be decided, counted, so that silence about it is not taken for approval. */
function unknownOf(
  model: AppModel,
  accesses: readonly AssessmentAccess[],
  routes: readonly AssessmentRoute[],
): CodeFacts['unknown'] {
  const counts = [
    { what: 'accesses whose client role is unknown', count: accesses.filter(({ role }) => role === 'unknown').length },
    { what: 'accesses whose table is unknown', count: accesses.filter(isUnnamed).length },
    {
      what: 'accesses whose number of rows is unknown',
      count: accesses.filter(({ bound }) => bound === 'unknown').length,
    },
    {
      what: 'routes whose rendering mode is unknown',
      count: routes.filter(({ rendering }) => rendering?.mode === 'unknown').length,
    },
    {
      what: 'endpoints behind a wrapper that cannot be seen into',
      count: model.endpoints.filter(({ opaque }) => opaque).length,
    },
    {
      what: 'accesses that no route reaches',
      count: model.accesses.filter(access => access.routes.length === 0).length,
    },
    ...undecidedGuards(model),
    { what: 'places that were not followed to their end', count: model.unfollowed },
  ]
  return counts.filter(({ count }) => count > 0)
}

function isUnnamed({ table, rpc, operation }: AssessmentAccess): boolean {
  return table === null && rpc === null && operation !== 'raw'
}
