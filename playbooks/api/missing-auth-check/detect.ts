import type { AccessDraft, Endpoint, ReachedEffect } from '../../../tools/code/model.ts'
import type { DetectedFinding, EvidenceItem } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import {
  anonymousMay,
  endpointLocation,
  endpointName,
  isAuthenticated,
  isFromHeaders,
  isOwnerColumn,
  isUndecided,
  isWrite,
  letsPeopleIn,
  objectName,
  tableOf,
  takesIn,
  uniqueBy,
} from '../../shared.ts'

/** Something that only a known person should do can be called by anybody. */
export function detect(input: DetectInput): DetectedFinding[] {
  const found: DetectedFinding[] = []
  for (const e of input.code.endpoints) {
    if (letsPeopleIn(e) || takesIn(e)) continue
    const uses = uniqueBy(
      e.effects.flatMap(r => unguarded(r, e, input)),
      u => `${u.text}|${u.line}`,
    )
    if (uses.length === 0) continue
    const service = uses.some(u => u.service)
    const first = uses[0] as Use
    // A header with a fixed word was asked for: less than a check, more than nothing.
    const claimed = uses.every(u => u.claimed)
    found.push({
      title: claimed
        ? `${endpointName(e)} ${first.text} for whoever sends a certain header`
        : `${endpointName(e)} ${first.text} without checking who calls`,
      location: endpointLocation(e),
      routes: e.routes,
      evidence: uses.slice(0, 4).map(
        (u): EvidenceItem => ({
          text: `${u.text}, ${u.claimed ? 'and one way there compares a header with a word that anybody can send' : 'before or without a check of the caller'}${u.service ? '; the client bypasses row-level security' : ''}`,
          location: { file: u.file, line: u.line },
        }),
      ),
      object: `${e.kind} ${e.name}`,
      severity: service && !claimed ? 'critical' : uses.every(u => u.hidden) ? 'medium' : 'high',
      confidence: claimed ? 'medium' : service || uses.some(u => u.sure) ? 'high' : 'medium',
      security: true,
    })
  }
  return found
}

interface Use {
  text: string
  file: string
  line: number
  service: boolean
  sure: boolean
  claimed?: boolean
  /** What it does, and whom it asks, is inside a function of the database that is not in sight. */
  hidden?: boolean
}

function unguarded(r: ReachedEffect, e: Endpoint, { schema }: DetectInput): Use[] {
  if (r.client || isAuthenticated(r.facts) || isUndecided(r.facts, e, 'auth')) return []
  if (r.effect.k === 'auth-write') {
    const admin = r.effect.data.admin === true
    return admin
      ? [
          {
            text: `calls auth.${String(r.effect.data.method)}()`,
            file: r.effect.file,
            line: r.effect.line,
            service: true,
            sure: true,
          },
        ]
      : []
  }
  if (r.effect.k !== 'access') return []
  const d = r.effect.draft
  // Counting a caller is what a limiter does before it knows them.
  if (d.rpc && /limit|throttle|hit/i.test(d.rpc)) return []
  const table = tableOf(schema, d)
  const place = {
    file: d.file,
    line: d.line,
    service: d.role === 'service',
    // Without the table's policies in sight, the database may still refuse.
    sure: d.role === 'service' || d.client !== 'supabase-js',
    claimed: r.facts.has('claimed'),
  }
  // Row-level security that lets anonymous callers do it was written on purpose; one that does not stops them.
  if (isWrite(d.op)) {
    const may = d.client === 'supabase-js' && d.role !== 'service' ? anonymousMay(schema, d, d.op) : undefined
    if (may !== undefined) return []
    // The row is named by something only its owner has: a guest's cookie, an unguessable token.
    if (
      d.op !== 'insert' &&
      d.filters.some(f => f.meta?.credential || (f.op === 'eq' && /(^|_)(token|secret)$/i.test(f.column ?? '')))
    )
      return []
    // Nothing of what the caller sends reaches the row, and a third party is asked on the way: a guest's checkout, not an open door.
    if (!steers(d) && e.effects.some(x => x.effect.k === 'external' && x.effect.kind === 'sdk')) return []
    return [{ text: `${verb(d.op)} ${objectName(d)}`, ...place }]
  }
  if (d.op === 'rpc') {
    const f = schema?.functions.find(x => x.name === d.rpc)
    const changes = f
      ? f.volatility === 'volatile' && /\b(insert|update|delete)\b/i.test(f.body)
      : /^(create|update|delete|insert|add|remove|set|upsert|toggle|increment|decrement|approve|reset)_/i.test(
          d.rpc ?? '',
        )
    if (!changes || (f && /auth\.uid\(\)|auth\.jwt\(\)/i.test(f.body))) return []
    return [{ text: `calls ${objectName(d)}, which changes data`, ...place, hidden: f === undefined && !place.service }]
  }
  const personal = d.filters.find(
    f => isOwnerColumn(f.column, table) && f.meta?.caller && !f.meta.auth && !f.meta.credential,
  )
  if (
    !personal ||
    (d.client === 'supabase-js' && d.role !== 'service' && anonymousMay(schema, d, 'select') !== undefined)
  )
    return []
  return [{ text: `reads ${objectName(d)} of whatever \`${personal.column}\` the caller names`, ...place }]
}

function steers(d: AccessDraft): boolean {
  return (
    d.payload?.caller === true ||
    d.filters.some(f => f.meta?.caller && !isFromHeaders(f.meta)) ||
    d.raw?.meta?.caller === true
  )
}

function verb(op: string): string {
  return op === 'insert'
    ? 'inserts into'
    : op === 'delete'
      ? 'deletes from'
      : op === 'upsert'
        ? 'upserts into'
        : 'updates'
}
