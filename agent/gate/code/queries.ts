import type { GateReason } from '../verdict.ts'
import type { Feature } from './features.ts'
import type { Read } from './text-rules.ts'

/**
 * Queries as they are written, by table: filters that are gone although the query is still there, and writes that are gone. Works where the
 * app model does not know the client.
 */
export function queryReasons(reads: readonly Read[]): GateReason[] {
  const all = (side: 'was' | 'now') =>
    reads.flatMap(read =>
      read[side].features.filter(one => one.kind === 'query').map(one => ({ ...one, file: read.file.path })),
    )
  const [then, now] = [all('was').map(parsed), all('now').map(parsed)]
  const out: GateReason[] = []
  for (const table of new Set(then.map(one => one.table))) {
    const [from, to] = [then.filter(one => one.table === table), now.filter(one => one.table === table)]
    const gone = Math.max(0, from.length - to.length)
    const columns = new Set(from.flatMap(one => one.columns))
    for (const column of columns) {
      const count = (queries: Query[]) => queries.filter(one => one.columns.includes(column)).length
      if (count(to) >= count(from) - gone || now.length === 0) continue
      const first = from.find(one => one.columns.includes(column))!
      const owner = /(user|owner|author|member|creator|created_by|tenant|org|team|account|company|workspace)/i.test(
        column,
      )
      out.push({
        rule: owner ? 'ownership-lost' : 'filter-lost',
        object: `${first.file}: ${table}`,
        evidence: `filter on ${column} in ${count(from)} of ${from.length} queries → in ${count(to)} of ${to.length}`,
        file: first.file,
        line: first.line,
      })
    }
    const writes = (queries: Query[]) => queries.filter(one => one.write).length
    const lost = writes(from) - writes(to)
    if (lost <= 0 || newCalls(reads)) continue
    const first =
      from.find(one => one.write && !to.some(other => other.text === one.text)) ?? from.find(one => one.write)!
    out.push({
      rule: 'behaviour-removed',
      object: `${first.file}: ${table}`,
      evidence: `${writes(from)} writes → ${writes(to)}`,
      file: first.file,
      line: first.line,
    })
  }
  return out
}

/** A write may have moved into a function of the database. */
function newCalls(reads: readonly Read[]): boolean {
  const rpcs = (side: 'was' | 'now') =>
    reads.flatMap(read => read[side].features.filter(one => one.kind === 'rpc')).length
  return rpcs('now') > rpcs('was')
}

interface Query extends Feature {
  file: string
  table: string
  write: boolean
  columns: string[]
}

function parsed(feature: Feature & { file: string }): Query {
  const [table = '', op = '', columns = ''] = feature.text.split('|')
  return {
    ...feature,
    table,
    write: /insert|update|upsert|delete/.test(op),
    columns: columns.split(',').filter(Boolean),
  }
}
