import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at, isBroadParent, isReferenceTable, isWrite, objectName, tableOf } from '../../shared.ts'

/** Counting all matching rows for every request. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code } = input
  const cached = new Set<string>()
  for (const route of code.routes) {
    const shared = route.rendering.mode === 'isr' || route.rendering.mode === 'static'
    for (const r of route.effects)
      if (r.effect.k === 'access' && !r.client && (shared || (r.cache && r.cache.kind !== 'react-cache')))
        cached.add(`${r.effect.file}:${r.effect.line}`)
  }
  const live = new Set<string>()
  for (const route of code.routes)
    if (route.rendering.mode !== 'isr' && route.rendering.mode !== 'static')
      for (const r of route.effects)
        if (r.effect.k === 'access' && (!r.cache || r.cache.kind === 'react-cache'))
          live.add(`${r.effect.file}:${r.effect.line}`)
  for (const e of code.endpoints)
    for (const r of e.effects)
      if (r.effect.k === 'access' && (!r.cache || r.cache.kind === 'react-cache'))
        live.add(`${r.effect.file}:${r.effect.line}`)
  const found: DetectedFinding[] = []
  for (const a of code.accesses) {
    const place = `${a.file}:${a.line}`
    if (isWrite(a.operation) || (cached.has(place) && !live.has(place)) || isReferenceTable(input, a)) continue
    const shape = a.shapes.find(
      s =>
        (s.count === 'exact' || (s.aggregate && s.client === 'prisma')) &&
        !s.filters.some(
          f =>
            (f.relation || isKey(f.column, f.op, f.constant)) &&
            !isBroadParent(input, tableOf(input.schema, a), f.column),
        ),
    )
    if (!shape || (a.table === null && a.rpc === null)) continue
    found.push({
      title: `${objectName(a)} is counted exactly on every request`,
      location: at(a.file, a.line, a.endLine),
      routes: a.routes,
      evidence: [
        {
          text: shape.filters.length
            ? `no filter on a user or parent: every matching row is visited (${shape.filters.map(f => f.column ?? f.op).join(', ')})`
            : 'no filter: every row of the table is visited',
        },
      ],
      object: `${a.table ?? a.rpc} count`,
      confidence: shape.client === 'prisma' ? 'medium' : 'high',
    })
  }
  // Several counts of one page are one change.
  const byFile = new Map<string, DetectedFinding[]>()
  for (const f of found) byFile.set(f.location.file, [...(byFile.get(f.location.file) ?? []), f])
  return [...byFile.values()].map(([first, ...rest]) => {
    const f = first as DetectedFinding
    return rest.length
      ? { ...f, evidence: [...f.evidence, ...rest.map(r => ({ text: r.title, location: r.location }))] }
      : f
  })
}

/** Equality with one user's or one parent's id: an index range of modest size. */
function isKey(column: string | null, op: string, constant: boolean): boolean {
  return (
    column !== null &&
    !constant &&
    (op === 'eq' || op === 'match') &&
    /(_id|Id|_uuid|_by|^id|_slug|email)$/.test(column)
  )
}
