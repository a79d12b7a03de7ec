import type { Endpoint, Meta, RouteModel } from '../../../tools/code/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, endpointName, uniqueBy } from '../../shared.ts'

interface Leak {
  meta: Meta
  file: string
  line: number
  endLine: number
  /** In the address of a redirect. */
  away?: boolean
}

interface Found {
  place: { file: string; line: number; endLine?: number }
  kind: Kind
  meta: Meta
  /** Who sends it: endpoints and pages, the one that holds the place first. */
  who: { name: string; verb: string; holds: boolean }[]
  routes: string[]
}

/** Raw error text goes to the caller. Thrown text does not: Next replaces it by a digest in production. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  const found = new Map<string, Found>()
  const add = (place: Found['place'], meta: Meta, who: Found['who'][number], routes: readonly string[]): void => {
    const kind = kindOf(meta)
    if (!kind) return
    const key = `${place.file}:${place.line}`
    const known = found.get(key)
    if (!known) found.set(key, { place, kind, meta, who: [who], routes: [...routes] })
    else {
      known.who.push(who)
      known.routes.push(...routes)
    }
  }
  for (const e of code.endpoints)
    for (const o of leaksOf(e)) {
      const place = placeOf(o, e)
      const holds = place.file === e.file && place.line >= e.line && place.line <= e.endLine
      add(place, o.meta, { name: endpointName(e), verb: o.away ? 'redirects with' : 'returns', holds }, e.routes)
    }
  for (const route of code.routes)
    for (const leak of shownBy(route))
      add(leak.place, leak.meta, { name: `the page ${route.path}`, verb: leak.verb, holds: false }, [route.path])
  return [...found.values()].map(findingOf)
}

function findingOf({ place, kind, meta, who, routes }: Found): DetectedFinding {
  // The function that holds the line names it best.
  const first = who.find(w => w.holds) ?? (who[0] as Found['who'][number])
  const others = new Set(who.map(w => w.name)).size - 1
  const read = meta.errAt
  const many = others > 0 && !first.holds
  return {
    title: many
      ? `The text of ${kind.text} reaches the callers of ${first.name} and ${others} more from here`
      : `${capital(first.name)} ${first.verb} the text of ${kind.text} to the ${first.verb === 'shows' ? 'visitor' : 'caller'}`,
    location: at(place.file, place.line, place.endLine),
    routes,
    evidence: [{ text: kind.why, ...(read ? { location: { file: read.file, line: read.line } } : {}) }],
    object: `leak ${kind.text}`,
    confidence: kind.sure ? 'high' : 'medium',
    security: true,
  }
}

/** Names of functions stay as they are. */
function capital(name: string): string {
  return name.startsWith('the ') ? `T${name.slice(1)}` : name
}

/** What leaves the server through an endpoint. */
function leaksOf(e: Endpoint): Leak[] {
  const out: Leak[] = []
  if (e.kind === 'action' || e.kind === 'procedure')
    for (const r of e.returns)
      if (r.meta?.err) out.push({ meta: r.meta, file: r.file, line: r.line, endLine: r.endLine })
  for (const r of e.effects) {
    const x = r.effect
    if (x.k !== 'respond' || r.client || r.facts.has('secret') || !x.meta?.err) continue
    // Only the text itself goes into an address.
    if (x.away && !x.meta.errAt) continue
    if (e.kind === 'handler' || x.away)
      out.push({ meta: x.meta, file: x.file, line: x.line, endLine: x.endLine, ...(x.away ? { away: true } : {}) })
  }
  return out
}

/** Error text in what the server renders: where it was read, or else where it is put into the page; below that components hand it on. */
function shownBy(route: RouteModel): { place: Found['place']; meta: Meta; verb: string }[] {
  if (route.kind !== 'page') return []
  const leaks = route.effects.flatMap(r => {
    const x = r.effect
    const meta = x.k === 'shown-error' ? (x.data.meta as Meta) : x.k === 'respond' && x.away ? x.meta : undefined
    if (r.client || !meta?.errAt) return []
    const { errAt, errIn } = meta
    // A function of another file that gives out objects with the text gives them to all who call it.
    const given = errIn && errIn.file !== x.file && errIn.file === errAt.file ? errIn : { file: x.file, line: x.line }
    const place = errAt.file === x.file ? errAt : given
    return [{ place, meta, verb: x.k === 'respond' ? 'redirects with' : 'shows' }]
  })
  return uniqueBy(leaks, l => `${l.meta.errAt?.file}:${l.meta.errAt?.line}`)
}

/**
 * The line that a person edits. For a handler: the response, or the line before it where the text entered a list or an object. For
 * an action: where the text enters what is returned. When a helper of another file builds that from text it is given, it is the
 * line here that hands over the text.
 */
function placeOf(o: Leak, e: Endpoint): { file: string; line: number; endLine?: number } {
  const { errIn, errAt } = o.meta
  const response = { file: o.file, line: o.line, endLine: o.endLine }
  if (e.kind === 'handler') {
    if (o.file !== e.file) return errAt?.file === e.file ? errAt : response
    // A function of another file answers with an object that holds the text: it does so for all who call it.
    if (errIn && errIn.file !== e.file) return errAt && errAt.file !== errIn.file ? errAt : errIn
    return errIn?.file === e.file && (errIn.line < o.line || errIn.line > o.endLine) ? errIn : response
  }
  if (errIn?.file === e.file) return errIn
  if (errAt?.file === e.file) return errAt
  return (errAt && errIn && errAt.file !== errIn.file ? errAt : errIn) ?? errAt ?? response
}

interface Kind {
  text: string
  why: string
  sure: boolean
}

function kindOf(meta: Meta): Kind | undefined {
  const err = meta.err ?? []
  if (err.includes('database'))
    return {
      text: 'a database error',
      why: 'database messages name tables, columns, constraints and values',
      sure: true,
    }
  // Only the text itself: an error object that is merely inside a larger value may never be serialised.
  if (!meta.errAt) return undefined
  if (err.includes('external'))
    return {
      text: 'an error of a third party',
      why: 'client libraries put URLs, request details and account names into their messages',
      sure: false,
    }
  if (err.includes('exception'))
    return { text: 'an exception', why: 'whatever was thrown is shown: file paths, addresses, internals', sure: false }
  return undefined
}

export type { Endpoint }
