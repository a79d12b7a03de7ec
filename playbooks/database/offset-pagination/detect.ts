import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { allEffects, at, isOwnerColumn, isReferenceTable, objectName, tableOf } from '../../shared.ts'

/** Pages that skip rows: page n reads and throws away everything before it. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code, schema } = input
  // A loop that pages through everything is an export or a job: it needs no quick page 400.
  const exported = new Set<string>()
  const interactive = new Set<string>()
  for (const r of allEffects(code)) {
    if (r.effect.k !== 'access') continue
    const place = `${r.effect.file}:${r.effect.line}`
    if (r.loops.length) exported.add(place)
    else interactive.add(place)
  }
  const found: DetectedFinding[] = []
  for (const a of code.accesses) {
    if (a.operation !== 'select' && a.operation !== 'rpc') continue
    const place = `${a.file}:${a.line}`
    if (exported.has(place) && !interactive.has(place)) continue
    const table = tableOf(schema, a)
    const shape = a.shapes.find(
      s =>
        s.offset &&
        s.offset.value === undefined &&
        !s.offset.meta?.bounded &&
        !s.head &&
        !s.filters.some(
          f =>
            f.column !== null && (f.op === 'eq' || f.op === 'match') && !f.constant && isOwnerColumn(f.column, table),
        ) &&
        !s.raw?.meta?.auth,
    )
    if (!shape || isReferenceTable(input, a)) continue
    found.push({
      title: `${objectName(a)} is paged by offset: page n reads all rows before it`,
      location: at(a.file, shape.offset?.file === a.file ? (shape.offset.line ?? a.line) : a.line),
      routes: a.routes,
      evidence: [
        {
          text: shape.range
            ? 'range(from, to) becomes OFFSET from; its start is computed for each page'
            : 'the offset is computed for each page',
        },
      ],
      object: `${a.table ?? a.rpc} offset`,
      confidence: 'high',
    })
  }
  return found
}
