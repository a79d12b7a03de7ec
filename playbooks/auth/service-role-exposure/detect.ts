import type { AccessDraft, Endpoint, Meta, ReachedEffect, RouteModel } from '../../../tools/code/model.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import {
  anonymousMay,
  at,
  endpointName,
  isFromHeaders,
  isUndecided,
  letsPeopleIn,
  objectName,
  serverAccesses,
  uniqueBy,
} from '../../shared.ts'

/** The key that bypasses row-level security, where callers can steer it or read it. */
export function detect({ code, schema }: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const r of [
    ...code.moduleEffects,
    ...code.routes.flatMap(x => x.effects),
    ...code.endpoints.flatMap(x => x.effects),
    ...code.unreached,
  ]) {
    if (r.effect.k !== 'client' || r.effect.data.role !== 'service') continue
    const env = String(r.effect.data.env ?? '')
    if (!r.client && !env.startsWith('NEXT_PUBLIC_')) continue
    found.push({
      title: env.startsWith('NEXT_PUBLIC_')
        ? `\`${env}\` puts the service role key into the browser bundle`
        : 'a service role client is made in code that runs in the browser',
      location: at(r.effect.file, keyLine(r)),
      routes: [],
      evidence: [{ text: 'whoever has this key reads and writes every row of every table' }],
      object: `service key ${env}`,
      severity: 'critical',
      confidence: 'high',
      security: true,
    })
  }
  for (const e of code.endpoints) {
    if (letsPeopleIn(e)) continue
    const use = exposure(e.effects, e, schema)
    if (use) found.push(finding(endpointName(e), use, e.routes))
  }
  for (const route of code.routes) {
    if (
      route.kind !== 'page' ||
      route.chain.some(c => c.guarded && c.file !== route.file && c.role === 'layout' && guardsByRole(route))
    )
      continue
    const use = exposure(
      route.effects.filter(r => r.via === route.file),
      undefined,
      schema,
    )
    if (use) found.push(finding(`the page ${route.path}`, use, [route.path]))
  }
  return uniqueBy(found, f => `${f.location.file}:${f.location.line}`)
}

interface Exposure {
  place: { file: string; line: number }
  text: string
  draft: AccessDraft
  anonymous: boolean
}

/**
 * Rows that the caller picks (or all rows), read or changed by the service role, with nothing that ties them to the caller:
 * no filter by the verified user, no look-up of ownership, no role, no shared secret.
 */
function exposure(
  effects: readonly ReachedEffect[],
  e: Endpoint | undefined,
  schema: SchemaModel | undefined,
): Exposure | undefined {
  const all = serverAccesses({ effects }).filter(a => a.draft.client === 'supabase-js')
  const service = all.filter(a => a.draft.role === 'service' && !isLimiter(a.draft))
  if (service.length === 0) return undefined
  if (
    effects.some(
      r =>
        r.facts.has('secret') ||
        r.facts.has('capability') ||
        r.facts.has('dev-only') ||
        r.facts.has('claimed') ||
        r.facts.has('owner') ||
        r.facts.has('role') ||
        isOpen(r.facts, e),
    )
  )
    return undefined
  const tied = (d: AccessDraft) =>
    // An unguessable token in the address is a credential as well.
    d.filters.some(
      f => f.meta?.auth || f.meta?.credential || (f.op === 'eq' && /token|secret|(^|_)hash$/i.test(f.column ?? '')),
    ) || d.raw?.meta?.auth === true
  const inserted = new Set(all.filter(a => a.draft.op === 'insert').map(a => a.draft.id))
  const risky = service.find(({ draft: d, reached }) => {
    if (
      tied(d) ||
      onlyAsked(d, effects, e) ||
      seenAsCaller(d, reached.facts, all, schema) ||
      d.op === 'insert' ||
      onlyConstants(d)
    )
      return false
    // The row that an upsert meets is chosen by its conflict key, not by the owner that is written into it.
    if (d.op === 'upsert' && (d.conflict ? d.conflict.auth || !d.conflict.caller : true) && d.payload?.auth)
      return false
    if (d.op === 'rpc') return d.payload?.caller === true && !d.payload.auth
    // A look-up whose row is then checked against the caller, by a query that is tied to them.
    if (all.some(({ draft: o }) => tied(o) && o.filters.some(f => f.meta?.rows?.includes(d.id)))) return false
    // A row that this very request has made.
    return !d.filters.some(f => f.meta?.rows?.some(id => inserted.has(id)))
  })
  if (!risky) return undefined
  const chosen = risky
  // The client that this access uses: the last one made before it.
  const client = effects
    .slice(0, effects.indexOf(chosen.reached))
    .filter(r => r.effect.k === 'client' && r.effect.data.role === 'service' && !r.client)
    .pop()
  const anonymous = !chosen.reached.facts.has('auth') && !chosen.reached.facts.has('session')
  // Public pages may show public rows; reading them with this key is only a finding where the caller chooses.
  if (anonymous && !e && !callerChooses(chosen.draft)) return undefined
  // What the proxy put into a header (the tenant of a domain, as a rule) is not the caller's choice.
  const { filters, payload } = chosen.draft
  if (anonymous && !payload?.caller && filters.some(f => isFromHeaders(f.meta)) && !callerChooses(chosen.draft))
    return undefined
  // A flag beside the name (`active`, `published`): the author chose the rows that anybody may see.
  if (anonymous && chosen.draft.op === 'select' && chosen.draft.filters.some(f => f.constant)) return undefined
  return {
    place: client ? client.origin : chosen.reached.origin,
    text: what(chosen.draft),
    draft: chosen.draft,
    anonymous,
  }
}

/**
 * The caller was shown the row (or the one it hangs on) before, through a client of their own: row-level security has decided. A
 * table that anybody may read decides nothing.
 */
function seenAsCaller(
  d: AccessDraft,
  facts: ReadonlySet<string>,
  all: readonly { draft: AccessDraft }[],
  schema: SchemaModel | undefined,
): boolean {
  const decides = (table: string | null) => anonymousMay(schema, { table, schema: undefined }, 'select') !== true
  const seen = [...facts].filter(f => f.startsWith('seen:') && decides(f.slice(f.indexOf('@') + 1)))
  const named = (ref: string) => seen.some(f => f.startsWith(`seen:${ref}@`))
  return d.filters.some(f => {
    if (f.meta?.inp?.length ? f.meta.inp.some(i => named(i.ref)) : f.meta?.caller && named('*')) return true
    return f.meta?.rows?.some(id =>
      all.some(({ draft: o }) => o.id === id && o.role === 'user' && o.single !== undefined && decides(o.table)),
    )
  })
}

/** Whether such a row exists is all that leaves ("is this name taken?"): nothing of it is answered, and nothing is done with it. */
function onlyAsked(d: AccessDraft, effects: readonly ReachedEffect[], e: Endpoint | undefined): boolean {
  if (!e || d.op !== 'select' || !/^\s*\w+\s*$/.test(d.columns ?? '')) return false
  const holds = (m: Meta | undefined) => m?.rows?.includes(d.id) === true
  return (
    !e.returns.some(r => holds(r.meta)) &&
    effects.every(({ effect: x }) => {
      if (x.k === 'respond') return !holds(x.meta)
      if (x.k === 'external') return !holds(x.payload) && !holds(x.urlMeta)
      if (x.k !== 'access') return true
      // Writes after it are judged by themselves, yet what was read may have decided them.
      return x.draft === d || (x.draft.op === 'select' && !x.draft.filters.some(f => holds(f.meta)))
    })
  )
}

/** Whether the caller may do it is decided in code that cannot be seen. Who the caller is settles nothing once they are known. */
function isOpen(facts: ReadonlySet<string>, e: Endpoint | undefined): boolean {
  const known = facts.has('auth') || facts.has('session')
  return known ? facts.has('maybe-rights') || e?.opaque === true : isUndecided(facts, e, 'auth')
}

function what(d: AccessDraft): string {
  if (d.op === 'rpc') return `calls ${objectName(d)}`
  if (d.op === 'raw') return 'runs SQL'
  if (d.op === 'upsert' && d.payload?.auth) return `upserts ${objectName(d)} by a key that the caller names`
  return `${d.op}s ${objectName(d)}`
}

function callerChooses(d: AccessDraft): boolean {
  return d.filters.some(f => f.meta?.caller && !isFromHeaders(f.meta))
}

function onlyConstants(d: AccessDraft): boolean {
  return d.op === 'select' && d.filters.length > 0 && d.filters.every(f => f.constant)
}

/** Home-made limiters count through the service role before anybody is known. */
function isLimiter(d: AccessDraft): boolean {
  return /limit|throttle|hits?$|attempts/i.test(d.rpc ?? d.table ?? '')
}

function guardsByRole(route: RouteModel): boolean {
  return route.ends.some(f => f.has('role'))
}

function keyLine(r: ReachedEffect): number {
  return r.effect.k === 'client' && typeof r.effect.data.keyLine === 'number' ? r.effect.data.keyLine : r.effect.line
}

function finding(who: string, use: Exposure, routes: string[]): DetectedFinding {
  // Chosen by somebody's id, but an id that only a cookie vouches for.
  const claimed = use.draft.filters.some(f => f.meta?.session) || use.draft.payload?.session === true
  return {
    title: `${who} ${use.text} with the service role, ${claimed ? 'for a user whom nothing has verified' : 'and nothing ties the rows to the caller'}`,
    location: at(use.place.file, use.place.line),
    routes,
    evidence: [
      {
        text: claimed
          ? 'the id comes from getSession(), which believes the cookie: row-level security does not apply, so a forged one reaches rows of others'
          : use.anonymous
            ? 'no sign-in is needed, and row-level security does not apply'
            : 'any signed-in user reaches rows of others: row-level security does not apply, and no filter uses the verified user',
        location: at(use.draft.file, use.draft.line),
      },
    ],
    object: `service ${use.draft.op} ${use.draft.table ?? ''}`,
    severity: 'high',
    confidence: use.anonymous ? 'medium' : 'high',
    security: true,
  }
}
