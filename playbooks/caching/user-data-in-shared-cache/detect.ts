import type { AppModel, ReachedEffect } from '../../../tools/code/model.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, anonymousMay, at, isOwnerColumn, reachedEffects, uniqueBy } from '../../shared.ts'

/** One person's data stored where the next person's request finds it. */
export function detect({ code, schema }: DetectInput): DetectedFinding[] {
  const found = requestInCache(code)
  for (const r of allEffects(code)) {
    if (r.client) continue
    const scope = r.cache
    if (scope?.kind === 'unstable_cache' && !scope.keyed && (readsPerson(r) || readsAsUser(r, schema))) {
      found.push({
        title: "unstable_cache stores one user's data for all users",
        location:
          scope.file === r.origin.file || scope.file === r.effect.file
            ? at(scope.file, scope.line)
            : at(r.origin.file, r.origin.line),
        routes: [],
        evidence: [
          {
            text: readsPerson(r)
              ? 'the function closes over the user, and neither its arguments nor the key parts contain them'
              : "the function closes over the user's client, and row-level security answers each user differently",
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

/** A client of the request, and policies that show nothing to a visitor who is nobody. */
function readsAsUser(r: ReachedEffect, schema: SchemaModel | undefined): boolean {
  if (r.effect.k !== 'access' || r.effect.draft.role !== 'user' || r.effect.draft.client !== 'supabase-js') return false
  return anonymousMay(schema, r.effect.draft, 'select') === false
}

/**
 * cookies() and headers() inside a shared cache throw when they are called (facts/04 §4.3–4.4): as a rule a client that belongs to
 * the request is made inside, so that what it reads would be one user's.
 */
function requestInCache(code: AppModel): DetectedFinding[] {
  return reachedEffects(code).flatMap(r => {
    const scope = r.cache
    if (r.client || r.effect.k !== 'dynamic' || !/^(cookies|headers)\(\)$/.test(r.effect.api)) return []
    if (scope?.kind !== 'unstable_cache' && scope?.kind !== 'use-cache') return []
    const cache = scope.kind === 'unstable_cache' ? 'unstable_cache' : "'use cache'"
    return [
      {
        title: `${r.effect.api} is called inside ${cache}, where it throws`,
        location: at(scope.file, scope.line),
        routes: [],
        evidence: [
          {
            text: 'what belongs to one request cannot be part of what all requests share; read with a client that has no cookies, or pass in what the key needs',
            location: at(r.effect.file, r.effect.line),
          },
        ],
        object: 'request api in cache',
        severity: 'high' as const,
        confidence: 'high' as const,
        security: false,
      },
    ]
  })
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
