import type { ReachedEffect, RouteModel } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, isAuthenticated, isWrite, uniqueBy } from '../../shared.ts'

/** Content that is the same for everybody, rendered anew for every visit because an option says so. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const route of code.routes) {
    if (route.kind === 'proxy' || route.rendering.mode !== 'dynamic') continue
    const force = forcedBy(route)
    if (!force || !samePublicContent(route)) continue
    const handler = route.kind === 'handler'
    if (handler && (route.methods.some(m => m !== 'GET' && m !== 'HEAD' && m !== 'OPTIONS') || !readsData(route)))
      continue
    // One option in a layout concerns every page below it: the layout is where it is changed.
    found.push({
      title: `${force.what} renders ${route.path} for every visit, although it is the same for everybody`,
      location: at(force.file, force.line),
      routes: [route.path],
      evidence: [
        { text: 'nothing on the way reads cookies, headers, the query string or a session' },
        ...dataEvidence(route),
      ],
      object: `option ${force.what}`,
      severity: readsData(route) ? 'high' : 'low',
      confidence: readsData(route) ? 'high' : 'medium',
    })
  }
  const key = (f: DetectedFinding) => `${f.location.file}:${f.location.line}`
  return uniqueBy(found, key).map(f => ({
    ...f,
    routes: [...new Set(found.filter(x => key(x) === key(f)).flatMap(x => x.routes ?? []))].sort(),
  }))
}

function forcedBy(route: RouteModel): { what: string; file: string; line: number } | undefined {
  const option = route.config.find(
    c => (c.name === 'dynamic' && c.value === 'force-dynamic') || (c.name === 'revalidate' && c.value === 0),
  )
  if (option)
    return {
      what: `${option.name} = ${typeof option.value === 'string' ? `'${option.value}'` : String(option.value)}`,
      file: option.file,
      line: option.line,
    }
  const noStore = serverEffects(route).find(
    r => r.effect.k === 'dynamic' && r.effect.api === 'unstable_noStore()' && !r.cache,
  )
  return noStore ? { what: 'noStore()', file: noStore.effect.file, line: noStore.effect.line } : undefined
}

function serverEffects(route: RouteModel): ReachedEffect[] {
  return route.effects.filter(r => !r.client && r.role !== 'write-route')
}

/** Nothing about the request or its sender is read; every query runs as nobody. */
function samePublicContent(route: RouteModel): boolean {
  return serverEffects(route).every(r => {
    const x = r.effect
    if (isAuthenticated(r.facts) || r.facts.has('maybe-auth')) return false
    if (x.k === 'dynamic')
      return x.api === 'unstable_noStore()' || x.api === 'request.url' || x.api === 'request.nextUrl'
        ? x.api === 'unstable_noStore()'
        : false
    if (x.k === 'session' || x.k === 'sign-in') return false
    if (x.k === 'respond') return !x.cacheControl
    if (x.k === 'access')
      return (
        !isWrite(x.draft.op) &&
        x.draft.role !== 'user' &&
        x.draft.role !== 'unknown' &&
        !(x.draft.role === 'service' && x.draft.client === 'supabase-js' && route.kind === 'handler')
      )
    return true
  })
}

function readsData(route: RouteModel): boolean {
  return serverEffects(route).some(r => r.effect.k === 'access' || r.effect.k === 'external')
}

function dataEvidence(route: RouteModel): { text: string; location: { file: string; line: number } }[] {
  const access = serverEffects(route).find(r => r.effect.k === 'access')
  return access && access.effect.k === 'access'
    ? [
        {
          text: `each visit reads ${access.effect.draft.table ? `\`${access.effect.draft.table}\`` : 'the database'}`,
          location: { file: access.effect.file, line: access.effect.line },
        },
      ]
    : []
}
