import type { ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, uniqueBy } from '../../shared.ts'

/** getSession() on the server reads the cookie and believes it. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  const entries: {
    effects: readonly ReachedEffect[]
    ends: readonly ReadonlySet<string>[]
    routes: string[]
    /** It answers a request; in a page a session may only decide what is shown. */
    answers: boolean
  }[] = [
    ...code.routes.map(r => ({ effects: r.effects, ends: r.ends, routes: [r.path], answers: r.kind !== 'page' })),
    ...code.endpoints.map(e => ({
      effects: e.effects,
      ends: e.returns.map(r => r.facts),
      routes: e.routes,
      answers: true,
    })),
    ...code.apps.flatMap(a =>
      a.proxy ? [{ effects: a.proxy.effects, ends: a.proxy.ends, routes: [], answers: true }] : [],
    ),
  ]
  for (const entry of entries) {
    const reads = entry.effects.filter(
      r => r.effect.k === 'session' && r.effect.api === 'getSession' && !r.client && !r.facts.has('auth'),
    )
    if (reads.length === 0) continue
    // Asked for and used to decide: the path goes on only for a session, or rows are chosen by it, with no verified user beside it.
    const decides =
      (entry.answers && entry.effects.some(r => r.effect.k === 'use-session' && !r.client)) ||
      entry.ends.some(f => f.has('session') && !f.has('auth')) ||
      entry.effects.some(r => !r.client && !r.facts.has('auth') && (r.facts.has('session') || usesSession(r)))
    if (!decides) continue
    // A page that shows nothing of anybody, and only sends visitors without a session away.
    const onlySends = !entry.answers && !entry.effects.some(r => !r.client && r.effect.k === 'access')
    // In a page each layout asks for itself: what one decides says nothing of another that only shows a name.
    const deciding = entry.effects.filter(
      r => !r.client && !r.facts.has('auth') && (r.facts.has('session') || usesSession(r)),
    )
    const ends = entry.ends.some(f => f.has('session') && !f.has('auth'))
    const concerned = (r: ReachedEffect) => entry.answers || ends || deciding.some(d => d.via === r.via)
    for (const r of reads.filter(concerned))
      found.push({
        title: 'getSession() decides on the server, and nothing has verified it',
        location: at(r.effect.file, r.effect.line),
        routes: entry.routes,
        evidence: [
          {
            text: 'getSession() takes the user from the cookie without asking the auth server or checking the signature; getClaims() or getUser() do',
          },
        ],
        object: 'getSession',
        ...(onlySends ? { severity: 'low' as const } : {}),
        confidence: 'high',
        security: true,
      })
  }
  return mergeRoutes(found)
}

function usesSession(r: ReachedEffect): boolean {
  if (r.effect.k !== 'access') return false
  const d = r.effect.draft
  return d.filters.some(f => f.meta?.session) || d.payload?.session === true
}

function mergeRoutes(found: DetectedFinding[]): DetectedFinding[] {
  const key = (f: DetectedFinding) => `${f.location.file}:${f.location.line}`
  return uniqueBy(found, key).map(f => ({
    ...f,
    routes: [...new Set(found.filter(x => key(x) === key(f)).flatMap(x => x.routes ?? []))].sort(),
  }))
}
