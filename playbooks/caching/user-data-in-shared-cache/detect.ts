import type { ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, isOwnerColumn, uniqueBy } from '../../shared.ts'

/** One person's data stored where the next person's request finds it. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const r of allEffects(code)) {
    if (r.client) continue
    const scope = r.cache
    if (scope?.kind === 'unstable_cache' && !scope.keyed && readsPerson(r)) {
      found.push({
        title: "unstable_cache stores one user's data for all users",
        location:
          scope.file === r.origin.file || scope.file === r.effect.file
            ? at(scope.file, scope.line)
            : at(r.origin.file, r.origin.line),
        routes: [],
        evidence: [
          {
            text: 'the function closes over the user, and neither its arguments nor the key parts contain them',
            location: at(r.effect.file, r.effect.line),
          },
        ],
        object: 'unstable_cache user',
        severity: 'critical',
        confidence: 'high',
        security: true,
      })
    }
  }
  for (const e of code.endpoints) {
    if (e.kind !== 'handler' || e.name !== 'GET') continue
    for (const r of e.effects) {
      if (r.effect.k !== 'respond' || r.client) continue
      const control = r.effect.cacheControl
      if (!control || !isShared(control)) continue
      const personal = r.effect.meta?.auth || r.effect.meta?.session
      if (!personal) continue
      found.push({
        title: `GET ${e.path} lets the CDN store the caller's own data`,
        location: at(
          r.origin.file,
          r.origin.line,
          r.origin.file === r.effect.file && r.origin.line === r.effect.line ? r.effect.endLine : undefined,
        ),
        routes: e.routes,
        evidence: [
          { text: `Cache-Control: ${control}; the body comes from rows that were chosen by the signed-in user` },
        ],
        object: `cache-control ${e.path}`,
        severity: 'critical',
        confidence: 'high',
        security: true,
      })
    }
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}

function readsPerson(r: ReachedEffect): boolean {
  if (r.effect.k === 'session') return true
  if (r.effect.k !== 'access') return false
  const d = r.effect.draft
  // The user's own id, not an id that was found in one of their rows: what that names may be everybody's.
  return d.filters.some(
    f => (f.meta?.auth || f.meta?.session) && (!f.meta.rows?.length || isOwnerColumn(f.column, undefined)),
  )
}

function isShared(control: string): boolean {
  if (/private|no-store/i.test(control)) return false
  return /s-maxage=[1-9]|\bpublic\b/i.test(control)
}
