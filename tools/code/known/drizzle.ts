import { elementOf } from '../eval/exec.ts'
import type { Machine } from '../eval/machine.ts'
import type { Call, DomValue, Meta, Runtime, Value } from '../eval/values.ts'
import { arr, dom, joinMeta, literal, metaOf, NUM, native, obj, UNDEF, UNK, unk } from '../eval/values.ts'
import {
  type AccessDraft,
  addPayload,
  builderStates,
  type FilterDraft,
  filterOf,
  limitOf,
  newDraft,
  rowMeta,
} from './access.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'
import { throwDatabase } from './sql.ts'

interface Table {
  name: string
  columns: Map<string, string>
  primary: string[]
  unique: string[]
}

interface Column {
  table: string
  column: string
}

/** A condition: which columns it fixes, and what went into it. */
interface Condition {
  filters: FilterDraft[]
  meta: Meta | undefined
}

const EMPTY: Condition = { filters: [], meta: undefined }

function table(call: Call): Value {
  const name = literal(call.args[0] ?? UNDEF)
  let shape = call.args[1]
  if (shape?.t === 'fn') shape = call.rt.invoke(shape, [columnBuilder], call)
  const t: Table = { name: typeof name === 'string' ? name : '?', columns: new Map(), primary: [], unique: [] }
  if (shape?.t === 'obj')
    for (const [key, v] of shape.p) {
      const c =
        v.t === 'dom' && v.d === 'drizzle-column-def'
          ? (v.s as { name: string | undefined; primary: boolean; unique: boolean })
          : undefined
      const column = c?.name ?? key
      t.columns.set(key, column)
      if (c?.primary) t.primary.push(column)
      if (c?.unique) t.unique.push(column)
    }
  return dom('drizzle-table', t)
}

const columnBuilder: Value = dom('drizzle-column-kind', {})
defineDomain('drizzle-column-kind', {
  method: (_v, _n, args) => columnDef(args),
  call: (_v, args) => columnDef(args),
  get: v => v,
})
function columnDef(args: Value[]): Value {
  const name = args[0] ? literal(args[0]) : undefined
  return dom('drizzle-column-def', { name: typeof name === 'string' ? name : undefined, primary: false, unique: false })
}
defineDomain('drizzle-column-def', {
  method(v, name) {
    const s = v.s as { name: string | undefined; primary: boolean; unique: boolean }
    if (name === 'primaryKey') return dom('drizzle-column-def', { ...s, primary: true })
    if (name === 'unique') return dom('drizzle-column-def', { ...s, unique: true })
    return v
  },
})

for (const pkg of ['drizzle-orm/pg-core', 'drizzle-orm/mysql-core', 'drizzle-orm/sqlite-core']) {
  const tableFn = native('pgTable', table)
  definePackage(pkg, {
    pgTable: tableFn,
    mysqlTable: tableFn,
    sqliteTable: tableFn,
    pgTableCreator: native('pgTableCreator', () => tableFn),
    pgSchema: native('pgSchema', () => obj({ table: tableFn, enum: columnBuilder })),
    ...Object.fromEntries(
      'uuid text varchar char integer serial bigserial bigint smallint boolean timestamp date time json jsonb numeric decimal real doublePrecision vector inet point interval customType pgEnum'
        .split(' ')
        .map(k => [k, columnBuilder]),
    ),
  })
}

defineDomain('drizzle-table', {
  get(v, p) {
    const t = v.s as Table
    const column = t.columns.get(p)
    if (column !== undefined) return dom('drizzle-column', { table: t.name, column } satisfies Column)
    if (p === '$inferSelect' || p === '$inferInsert') return UNK
    return dom('drizzle-column', { table: t.name, column: p } satisfies Column)
  },
})
defineDomain('drizzle-column', { method: v => v })

function condition(op: string) {
  return native(op, call => {
    const [a, b] = call.args
    const column = a?.t === 'dom' && a.d === 'drizzle-column' ? (a.s as Column).column : null
    // A comparison of two columns is a join, no filter by a value.
    if (b?.t === 'dom' && b.d === 'drizzle-column') return dom('drizzle-condition', EMPTY)
    const filter = filterOf(column, op === 'inArray' ? 'in' : op, b)
    return dom(
      'drizzle-condition',
      { filters: [filter], meta: b ? metaOf(b) : undefined } satisfies Condition,
      b ? metaOf(b) : undefined,
    )
  })
}

function conditions(values: Value[]): Condition {
  const out: FilterDraft[] = []
  let meta: Meta | undefined
  for (const v of values) {
    for (const x of v.t === 'arr' ? (v.items ?? [v.e]) : v.t === 'union' ? v.alts.map(a => a.v) : [v]) {
      const c = conditionOf(x)
      out.push(...c.filters)
      meta = joinMeta(meta, c.meta)
    }
  }
  return { filters: out, meta }
}

function conditionOf(v: Value | undefined): Condition {
  if (!v) return EMPTY
  if (v.t === 'dom' && v.d === 'drizzle-condition') return v.s as Condition
  if (v.t === 'arr') return conditions(v.items ?? [v.e])
  if (v.t === 'union') return { filters: [], meta: metaOf(v) }
  const m = metaOf(v)
  return m ? { filters: [{ column: null, op: 'sql', meta: m, constant: false }], meta: m } : EMPTY
}

const sqlTag = native(
  'sql',
  call => {
    const meta = call.args.slice(1).reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), undefined)
    const quasis = call.args[0]?.t === 'dom' ? (call.args[0].s as string[]) : []
    // `sql.raw(x)` inside keeps x as text.
    const raw = call.args
      .slice(1)
      .filter(v => v.t === 'dom' && v.d === 'drizzle-sql' && !(v.s as { parameters: boolean }).parameters)
    const rawMeta = raw.reduce<Meta | undefined>((a, v) => joinMeta(a, metaOf(v)), undefined)
    return dom(
      'drizzle-sql',
      { text: quasis.join('\u0001'), parameters: raw.length === 0 },
      raw.length ? rawMeta : meta,
    )
  },
  {
    raw: native('raw', call => {
      const v = call.args[0]
      const text = v?.t === 'str' ? (v.v ?? '\u0001') : '\u0001'
      return dom('drizzle-sql', { text, parameters: false, line: call.startLine }, metaOf(v ?? UNDEF))
    }),
    join: native('join', () => dom('drizzle-sql', { text: '\u0001', parameters: true })),
    identifier: native('identifier', () => UNK),
  },
)
defineDomain('drizzle-sql', { method: v => v, get: () => undefined })

const combine = (name: string) =>
  native(name, call => {
    const c = conditions(call.args)
    // Alternatives do not narrow: only their history is kept.
    return dom(
      'drizzle-condition',
      name === 'or' ? { filters: c.filters.map(f => ({ ...f, op: `or.${f.op}` })), meta: c.meta } : c,
      c.meta,
    )
  })

const ops =
  'eq ne gt gte lt lte inArray notInArray isNull isNotNull like ilike notLike notIlike between exists notExists arrayContains arrayOverlaps'.split(
    ' ',
  )
const aggregate = (name: string) => native(name, () => dom('drizzle-aggregate', name))
definePackage('drizzle-orm', {
  ...Object.fromEntries(ops.map(o => [o, condition(o)])),
  and: combine('and'),
  or: combine('or'),
  not: combine('or'),
  sql: sqlTag,
  desc: native('desc', call => call.args[0] ?? UNDEF),
  asc: native('asc', call => call.args[0] ?? UNDEF),
  count: aggregate('count'),
  countDistinct: aggregate('countDistinct'),
  sum: aggregate('sum'),
  avg: aggregate('avg'),
  min: aggregate('min'),
  max: aggregate('max'),
  relations: native('relations', () => UNK),
  getTableColumns: native('getTableColumns', () => UNK),
})
defineDomain('drizzle-aggregate', { method: v => v })

const makeDb = native('drizzle', () => database)
for (const pkg of [
  'drizzle-orm/postgres-js',
  'drizzle-orm/node-postgres',
  'drizzle-orm/neon-http',
  'drizzle-orm/neon-serverless',
  'drizzle-orm/vercel-postgres',
  'drizzle-orm/pglite',
  'drizzle-orm/xata-http',
  'drizzle-orm/supabase',
  'drizzle-orm/libsql',
  'drizzle-orm/better-sqlite3',
  'drizzle-orm/planetscale-serverless',
  'drizzle-orm/mysql2',
])
  definePackage(pkg, { drizzle: makeDb })

function isAggregate(x: Value): boolean {
  if (x.t !== 'dom') return false
  return (
    x.d === 'drizzle-aggregate' ||
    (x.d === 'drizzle-sql' && /^\s*(count|sum|avg|min|max)\s*\(/i.test((x.s as { text: string }).text))
  )
}

/** A connection of the owner of the tables: row-level security does not apply to it. */
const database: Value = dom('drizzle', {})

function start(call: Call, change: Partial<AccessDraft>): DomValue {
  const d = {
    ...newDraft(call.rt, { file: call.file, line: call.line, endLine: call.endLine }, 'drizzle', 'service'),
    ...change,
  }
  ;(call.rt as Machine).drafts.push(d)
  return dom('drizzle-query', d)
}

defineDomain('drizzle', {
  bound: true,
  get(v, p) {
    if (p === 'query') return dom('drizzle-relational', {})
    return p === '$with' ? v : undefined
  },
  method(v, name, args, call) {
    switch (name) {
      case 'select':
      case 'selectDistinct':
      case 'selectDistinctOn': {
        const fields = name === 'selectDistinctOn' ? args[1] : args[0]
        const only = fields?.t === 'obj' && fields.p.size > 0 && [...fields.p.values()].every(isAggregate)
        const some = fields?.t === 'obj' && [...fields.p.values()].some(isAggregate)
        return start(call, { op: 'select', aggregate: only, columns: some ? 'aggregated' : fields ? 'listed' : '*' })
      }
      case 'insert':
      case 'update':
      case 'delete': {
        const t = args[0]
        return start(call, { op: name, table: t?.t === 'dom' && t.d === 'drizzle-table' ? (t.s as Table).name : null })
      }
      case 'execute': {
        const q = args[0]
        const raw =
          q?.t === 'dom' && q.d === 'drizzle-sql'
            ? (q.s as { text: string; parameters: boolean; line?: number })
            : undefined
        const text = raw?.text ?? (q?.t === 'str' ? (q.v ?? '\u0001') : '\u0001')
        return start(call, {
          op: 'raw',
          sql: text,
          raw: raw?.parameters ? undefined : { meta: q ? metaOf(q) : undefined, text, line: call.startLine },
        })
      }
      case 'transaction': {
        const body = args[0]
        return body
          ? call.rt.settle(call.rt.invoke(body, [v], call), { file: call.file, line: call.line, rt: call.rt })
          : UNK
      }
      case 'batch':
        return args[0] ? call.rt.settle(args[0], { file: call.file, line: call.line, rt: call.rt }) : UNK
      case '$count': {
        const t = args[0]
        const d = (
          start(call, {
            op: 'select',
            aggregate: true,
            table: t?.t === 'dom' && t.d === 'drizzle-table' ? (t.s as Table).name : null,
          }) as DomValue
        ).s as AccessDraft
        execute(d, { file: call.file, line: call.line, rt: call.rt })
        return NUM
      }
    }
    return undefined
  },
})

/** db.query.posts.findMany({ where, limit, with }) */
defineDomain('drizzle-relational', { get: (_v, p) => dom('drizzle-model', { name: p }) })
defineDomain('drizzle-model', {
  method(v, name, args, call) {
    const model = (v.s as { name: string }).name
    const options = args[0]
    const get = (key: string) => (options?.t === 'obj' ? options.p.get(key) : undefined)
    let where = get('where')
    if (where?.t === 'fn')
      where = call.rt.invoke(
        where,
        [
          dom('drizzle-table', { name: model, columns: new Map(), primary: [], unique: [] } satisfies Table),
          dom('drizzle-operators', {}),
        ],
        call,
      )
    const filters = where?.t === 'obj' ? objectFilters(where) : conditionOf(where).filters
    const q = start(call, {
      op: 'select',
      table: model,
      filters,
      ...(get('limit') ? { limit: limitOf(get('limit')) } : {}),
      ...(get('offset') ? { offset: limitOf(get('offset')) } : {}),
      ...(name === 'findFirst' ? { single: 'maybe' as const, limit: { value: 1, meta: undefined } } : {}),
      embeds:
        get('with')?.t === 'obj'
          ? [...(get('with') as Extract<Value, { t: 'obj' }>).p.keys()].map(table => ({ table, limited: false }))
          : [],
    })
    return q
  },
})
defineDomain('drizzle-operators', {
  get: (_v, p) =>
    ops.includes(p) ? condition(p) : p === 'and' || p === 'or' ? combine(p) : p === 'sql' ? sqlTag : undefined,
})

/** `where: { id, userId: { eq: x } }` of the newer relational queries. */
export function objectFilters(where: Extract<Value, { t: 'obj' }>): FilterDraft[] {
  const out: FilterDraft[] = []
  for (const [k, v] of where.p) {
    if (k === 'AND' && v.t === 'obj') out.push(...objectFilters(v))
    else if (k === 'AND' && v.t === 'arr')
      for (const x of v.items ?? []) out.push(...(x.t === 'obj' ? objectFilters(x) : []))
    else if (k === 'OR' || k === 'NOT') out.push({ column: null, op: 'or', meta: metaOf(v), constant: false })
    else if (v.t === 'obj' && [...v.p.keys()].some(o => OPERATORS.has(o)))
      for (const [op, x] of v.p) out.push(filterOf(k, op === 'equals' ? 'eq' : op, x))
    // A composite key `{ userId_slug: { userId, slug } }` names its columns; a relation filter does not.
    else if (v.t === 'obj' && k.includes('_') && [...v.p.keys()].join('_') === k)
      for (const [c, x] of v.p) out.push(filterOf(c, 'eq', x))
    else out.push({ ...filterOf(k, 'eq', v), ...(v.t === 'obj' ? { relation: true as const } : {}) })
  }
  return out
}

const OPERATORS = new Set(
  'equals eq in notIn inArray lt lte gt gte contains startsWith endsWith not mode has hasSome hasEvery search like ilike ne isNull'.split(
    ' ',
  ),
)

defineDomain('drizzle-query', {
  ...builderStates,
  escapes: true,
  get: () => undefined,
  method(v, name, args, call) {
    const d = v.s as AccessDraft
    const [a] = args
    const next = (change: Partial<AccessDraft>): Value => dom('drizzle-query', { ...d, ...change })
    switch (name) {
      case 'from':
        return next({
          table: a?.t === 'dom' && a.d === 'drizzle-table' ? (a.s as Table).name : null,
          line: call.line,
          file: call.file,
        })
      case 'where': {
        const c = conditionOf(a)
        return next({ filters: [...d.filters, ...c.filters] })
      }
      case 'limit':
        return next({ limit: limitOf(a) })
      case 'offset':
        return next({ offset: limitOf(a) })
      case 'orderBy':
        return next({
          order: [
            ...d.order,
            ...args.map(x => (x.t === 'dom' && x.d === 'drizzle-column' ? (x.s as Column).column : '?')),
          ],
        })
      case 'groupBy':
        // One row per group, with sums in it: as many rows as there are groups.
        return next({ aggregate: d.columns === 'aggregated' })
      case 'values':
      case 'set': {
        const draft = { ...d }
        addPayload(draft, a)
        return dom('drizzle-query', draft)
      }
      case 'returning':
        return next({ returning: true })
      case 'onConflictDoUpdate':
      case 'onConflictDoNothing':
        return next({ op: 'upsert' })
      case 'execute':
      case 'all':
        return execute(d, { file: call.file, line: call.line, rt: call.rt })
      case 'get':
        return execute({ ...d, single: 'maybe' }, { file: call.file, line: call.line, rt: call.rt })
      case 'then':
      case 'catch':
      case 'finally':
        return undefined
      default:
        return v
    }
  },
  settle: (v, at) => execute(v.s as AccessDraft, at),
})

function execute(d: AccessDraft, at: { file: string; line: number; rt: Runtime }): Value {
  at.rt.emit({ k: 'access', file: d.file, line: d.line, draft: d })
  throwDatabase(at.rt)
  const meta = rowMeta(d)
  const row: Value = { t: 'unk', m: meta }
  if (d.single)
    return at.rt.union([
      { v: UNDEF, f: [] },
      { v: { t: 'obj', p: new Map(), open: true, m: meta }, f: factsOf(d) },
    ])
  return dom('rows', { row, facts: factsOf(d) }, meta)
}

function factsOf(d: AccessDraft): string[] {
  const out: string[] = []
  if (d.filters.some(f => f.meta?.credential && f.op === 'eq')) out.push('auth')
  if (d.filters.some(f => f.meta?.auth)) out.push('owner')
  return out
}

/** Rows of a query without result object: `const [row] = await …; if (!row) return`. */
defineDomain('rows', {
  get: (_v, p) => (p === 'length' ? NUM : undefined),
  index: (v, key, rt) => {
    const s = v.s as { row: Value; facts: string[] }
    if (typeof literal(key) !== 'number') return s.row
    return rt.union([
      { v: UNDEF, f: [] },
      { v: { t: 'obj', p: new Map(), open: true, ...(v.m ? { m: v.m } : {}) }, f: s.facts },
    ])
  },
  method(v, name, args, call) {
    const s = v.s as { row: Value; facts: string[] }
    const m = call.rt as Machine
    void m
    if (name === 'at')
      return call.rt.union([
        { v: UNDEF, f: [] },
        { v: s.row, f: s.facts },
      ])
    return call.rt.get(arr(s.row, v.m), name, call).t === 'undef' ? undefined : invokeArray(v, name, args, call)
  },
})

function invokeArray(v: DomValue, name: string, args: Value[], call: Call): Value | undefined {
  const s = v.s as { row: Value }
  const list = arr(s.row, v.m)
  const callback = args[0]
  if (callback?.t === 'fn') {
    const result = call.rt.invokeInLoop(callback, [s.row, NUM, list], call, 'data')
    if (name === 'map' || name === 'flatMap')
      return { t: 'arr', e: name === 'map' ? result : elementOf(result), ...(v.m ? { m: v.m } : {}) }
    if (name === 'filter') return v
    if (name === 'find')
      return call.rt.union([
        { v: UNDEF, f: [] },
        { v: s.row, f: [] },
      ])
    return unk(v.m)
  }
  return unk(v.m)
}
