import type { ReachedEffect, RouteModel } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** A layout that reads the request, and so makes pages dynamic that could be prerendered. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const byLayout = new Map<string, { effect: ReachedEffect; api: string; pages: RouteModel[] }>()
  for (const route of code.routes) {
    const app = code.apps.find(a => a.root === route.app)
    if (route.kind !== 'page' || route.rendering.mode !== 'dynamic' || app?.cacheComponents) continue
    const layouts = route.effects.filter(r => isRequestRead(r) && (r.role === 'layout' || r.role === 'template'))
    const first = layouts[0]
    if (!first?.via || route.path === '/_not-found') continue
    // With two such layouts, changing one gains nothing.
    if (layouts.some(r => r.via !== first.via)) continue
    // A layout that lets only signed-in people in stands above pages that are theirs.
    if (route.chain.some(c => c.guarded)) continue
    // One that shows the caller's own rows belongs to a personal area.
    if (
      route.effects.some(
        r => r.role === 'layout' && !r.client && r.effect.k === 'access' && r.effect.draft.role === 'user',
      )
    )
      continue
    if (!freeWithoutLayout(route)) continue
    const key = first.via
    const entry = byLayout.get(key) ?? { effect: first, api: apiOf(first), pages: [] }
    entry.pages.push(route)
    byLayout.set(key, entry)
  }
  return [...byLayout].map(([file, { effect, api, pages }]) => {
    const paths = [...new Set(pages.map(p => p.path))].sort()
    return {
      title: `The layout reads ${api} and makes ${paths.length === 1 ? paths[0] : `${paths.length} pages`} dynamic that would be prerendered`,
      location: at(file, effect.origin.file === file ? effect.origin.line : 1),
      routes: paths,
      evidence: [
        { text: `${api} is read here`, location: { file: effect.effect.file, line: effect.effect.line } },
        { text: `without it: ${paths.slice(0, 6).join(', ')}${paths.length > 6 ? ', …' : ''}` },
      ],
      object: `layout ${api}`,
      severity: paths.length >= 3 ? ('high' as const) : ('medium' as const),
      confidence: 'high' as const,
    }
  })
}

function isRequestRead(r: ReachedEffect): boolean {
  return (
    r.effect.k === 'dynamic' &&
    !r.client &&
    !r.effect.api.startsWith('request.') &&
    r.effect.api !== 'searchParams' &&
    r.effect.api !== 'unstable_noStore()' &&
    (!r.cache || r.cache.kind === 'react-cache')
  )
}

function apiOf(r: ReachedEffect): string {
  return r.effect.k === 'dynamic' ? r.effect.api : ''
}

/** The page itself reads nothing of the request, has no option that forces it, and its path can be prerendered. */
function freeWithoutLayout(route: RouteModel): boolean {
  if (route.dynamicSegments.length > 0 && !route.staticParams) return false
  if (
    route.config.some(
      c =>
        (c.name === 'dynamic' && c.value === 'force-dynamic') ||
        (c.name === 'revalidate' && c.value === 0) ||
        (c.name === 'runtime' && c.value === 'edge'),
    )
  )
    return false
  return !route.effects.some(r => {
    if (r.role === 'layout' || r.role === 'template') return false
    if (r.effect.k === 'dynamic')
      return (!r.client || r.effect.api === 'searchParams') && (!r.cache || r.cache.kind === 'react-cache')
    return r.effect.k === 'fetch-cache' && r.effect.noStore && !r.client
  })
}
