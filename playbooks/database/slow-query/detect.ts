import type { AccessDraft, AppModel, DataAccess } from '../../../tools/code/model.ts'
import type { LiveStatement } from '../../../tools/database/model.ts'
import type { SchemaModel } from '../../../tools/schema/model.ts'
import type { DetectedFinding } from '../../finding.ts'
import { isOwnSchema, percent, placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** A statement that takes this share of all execution time decides what the database can carry. */
const LARGE_SHARE = 0.05
const SLOW_MS = 50
/** Fewer calls are a migration, a report or somebody at the console. */
const FEW_CALLS = 100

/** Statements that take much of the database's time and are slow one by one, with the code that sends them. */
export function detect({ code, schema, database }: DetectInput): DetectedFinding[] {
  const statements = section(database?.statements)
  if (!statements || statements.totalMs <= 0) return []
  return statements.top.flatMap(statement => {
    const share = statement.totalMs / statements.totalMs
    if (share < LARGE_SHARE || statement.meanMs < SLOW_MS || statement.calls < FEW_CALLS) return []
    const tables = tablesIn(statement.query, schema)
    if (tables.length === 0) return []
    const senders = sendersOf(code, statement, tables)
    const [first] = senders
    const place = first ? at(first.file, first.line, first.endLine) : undefined
    const table = tables[0] ?? ''
    return [
      {
        title: `A query of \`${table}\` takes ${percent(share)} of the database's time: ${statement.calls} calls of ${Math.round(statement.meanMs)} ms`,
        location:
          place ?? schema?.tables.find(t => t.name === table && t.location.file !== '')?.location ?? placeOfApp(code),
        routes: [...new Set(senders.flatMap(({ routes }) => routes))].sort(),
        evidence: [
          {
            text: `measured by pg_stat_statements${statements.since ? ` since ${statements.since}` : ''}: mean ${statement.meanMs.toFixed(1)} ms, longest ${Math.round(statement.maxMs)} ms, ${(statement.rows / statement.calls).toFixed(1)} rows a call, role ${statement.role}`,
          },
          { text: shortened(statement.query) },
          ...(senders.length === 0
            ? [{ text: 'no data access of the app has its table and filters; it may be a policy, a trigger or a job' }]
            : []),
          ...senders
            .slice(0, 4)
            .map(({ file, line }) => ({ text: 'has its table and filters', location: at(file, line) })),
        ],
        object: `statement ${statement.queryId}`,
        severity: share >= 0.2 ? ('high' as const) : ('medium' as const),
        confidence: senders.length === 1 ? ('high' as const) : ('medium' as const),
      },
    ]
  })
}

function shortened(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}

/** Tables of the app that the text reads or writes, in order; unqualified names count when the schema has them. */
function tablesIn(query: string, schema: SchemaModel | undefined): string[] {
  const names = [
    ...query.matchAll(/\b(?:from|join|into|update)\s+(?:only\s+)?(?:"?(\w+)"?\s*\.\s*)?"?(\w+)"?/gi),
  ].flatMap(([, own, name]) => {
    if (!name || (own && !isOwnSchema(own)) || /^(select|lateral|pgrst_\w+|unnest|json_\w+)$/i.test(name)) return []
    const isKnown = schema?.tables.some(t => t.name === name && !t.platform)
    return isKnown || (own && !schema) ? [name] : []
  })
  return [...new Set(names)]
}

const WRITES: Record<string, RegExp> = {
  insert: /\binsert\s+into\b/i,
  upsert: /\binsert\s+into\b/i,
  update: /\bupdate\s+(?:only\s+)?"?\w/i,
  delete: /\bdelete\s+from\b/i,
}

/** Accesses that could have sent it: same table and kind, all filters and the order in the text; those with the most filters. */
function sendersOf({ accesses }: AppModel, { query }: LiveStatement, tables: readonly string[]): DataAccess[] {
  const isWrite = Object.values(WRITES).some(pattern => pattern.test(query))
  const fitting = accesses.flatMap(access => {
    if (!access.table || !tables.includes(access.table)) return []
    const isSame = access.operation === 'select' ? !isWrite : (WRITES[access.operation]?.test(query) ?? false)
    if (!isSame) return []
    const scores = access.shapes.flatMap(shape => scoreOf(shape, query) ?? [])
    return scores.length > 0 ? [{ access, score: Math.max(...scores) }] : []
  })
  const best = Math.max(...fitting.map(({ score }) => score))
  return fitting.filter(({ score }) => score === best).map(({ access }) => access)
}

/** Number of its conditions that the text has; undefined when it lacks one, or has a WHERE that the access does not explain. */
function scoreOf(shape: AccessDraft, query: string): number | undefined {
  const columns = [...shape.filters.flatMap(({ column }) => column ?? []), ...shape.order]
  const where = /\bwhere\b([\s\S]*)/i.exec(query)?.[1] ?? ''
  const has = (name: string): boolean =>
    new RegExp(`(^|[^\\w])${name.replace(/[^\w]/g, '.')}($|[^\\w])`, 'i').test(query)
  if (!columns.every(has)) return undefined
  if (shape.filters.length === 0 && /\$\d/.test(where.split(/\b(?:limit|order|offset)\b/i)[0] ?? '')) return undefined
  return columns.length + (shape.embeds.every(({ table }) => has(table)) ? shape.embeds.length : -1)
}
