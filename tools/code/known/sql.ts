import type { Machine } from '../eval/machine.ts'
import type { Call, DomValue, Meta, Runtime, Value } from '../eval/values.ts'
import { arr, dom, HOLE, joinMeta, literal, metaOf, NUM, native, obj, STR, strOf, UNDEF, UNK } from '../eval/values.ts'
import { type AccessDraft, builderStates, type FilterDraft, newDraft } from './access.ts'
import { defineDomain } from './domains.ts'
import { definePackage } from './packages.ts'

/** Drivers and ORMs throw; what they throw carries the database's words. */
export function throwDatabase(rt: Runtime): void {
  const m: Meta = { err: ['database'] }
  rt.throws(obj({ message: strOf(m), code: STR, stack: strOf(m), detail: strOf(m) }, m))
}

/** `column = $1`, `column = <unknown>`, `column = 'x'`, `column = 1`. */
const EQUALITY = new RegExp(`"?(\\w+)"? = (?:\\$\\d+|${HOLE}|'[^']*'|\\d+)`, 'g')

/** What a checkout can tell from SQL text: the first statement's table, operation, and whether its rows are bounded. */
export function readSql(text: string): Pick<AccessDraft, 'table' | 'sql'> & {
  op: AccessDraft['op']
  limited: boolean
  aggregate: boolean
  filters: FilterDraft[]
} {
  const flat = text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const name = '"?(?:\\w+"?\\."?)?(\\w+)"?'
  const find = (re: RegExp): string | null => re.exec(flat)?.[1] ?? null
  const lower = flat.toLowerCase()
  let op: AccessDraft['op'] = 'raw'
  let table: string | null = null
  if (/^(with\b.*\)\s*)?select\b/.test(lower)) {
    op = 'select'
    table = find(new RegExp(`\\bfrom ${name}`, 'i'))
  } else if (lower.startsWith('insert')) {
    op = lower.includes('on conflict') ? 'upsert' : 'insert'
    table = find(new RegExp(`into ${name}`, 'i'))
  } else if (lower.startsWith('update')) {
    op = 'update'
    table = find(new RegExp(`update ${name}`, 'i'))
  } else if (lower.startsWith('delete')) {
    op = 'delete'
    table = find(new RegExp(`from ${name}`, 'i'))
  }
  const limited = /\blimit\b|\bfetch first\b/.test(lower)
  const list = /^select (.*?) from /i.exec(flat)?.[1] ?? ''
  const aggregate =
    op === 'select' &&
    ((/^\s*(count|sum|avg|min|max|exists|bool_or|coalesce)\s*\(/i.test(list) && !/\bgroup by\b/.test(lower)) ||
      /^select (\d+|now\(\)|version\(\)|current_\w+)/i.test(flat) ||
      table === null)
  const filters: FilterDraft[] = []
  for (const m of flat.matchAll(EQUALITY))
    filters.push({ column: m[1] as string, op: 'eq', meta: undefined, constant: false })
  return { op, table, sql: text, limited, aggregate, filters }
}

function start(
  call: { file: string; line: number; endLine: number; rt: Runtime },
  client: AccessDraft['client'],
  text: string,
  raw: Meta | undefined,
  isRaw: boolean,
  values: Meta | undefined,
): AccessDraft {
  const info = readSql(text)
  const d: AccessDraft = {
    ...newDraft(call.rt, call, client, 'service'),
    op: info.op,
    table: info.table,
    sql: text,
    aggregate: info.aggregate,
    filters: info.filters.map(f => ({ ...f, meta: values })),
    ...(info.limited ? { limit: { value: undefined, meta: undefined } } : {}),
    ...(isRaw ? { raw: { meta: raw, text, line: call.line } } : {}),
  }
  ;(call.rt as Machine).drafts.push(d)
  return d
}

function run(d: AccessDraft, rt: Runtime): Value {
  rt.emit({ k: 'access', file: d.file, line: d.line, draft: d })
  throwDatabase(rt)
  const tied = d.filters.some(f => f.meta?.auth)
  const meta: Meta = { rows: [d.id], ...(tied ? { auth: true } : {}) }
  return arr({ t: 'unk', m: meta }, meta)
}

/** postgres.js: a tag that parameterises, `sql.unsafe(text)`, `sql.begin(tx => …)`. */
defineDomain('postgres-js', {
  tag(v, quasis, values, call) {
    const meta = values.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined)
    void v
    // Fragments inside a query (`sql\`where …\``) are no queries of their own.
    const text = quasis.join('\u0001')
    if (!/^\s*(select|insert|update|delete|with|call|begin|commit|alter|create|drop|truncate|notify|set)\b/i.test(text))
      return dom('sql-fragment', text, meta)
    return dom('postgres-query', start(call, 'postgres.js', text, undefined, false, meta), meta)
  },
  call: (_v, args) =>
    dom(
      'sql-fragment',
      '',
      args.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
    ),
  method(v, name, args, call) {
    if (name === 'unsafe') {
      const q = args[0]
      const text = q?.t === 'str' ? (q.v ?? '\u0001') : '\u0001'
      return dom(
        'postgres-query',
        start(call, 'postgres.js', text, q ? metaOf(q) : undefined, true, args[1] ? metaOf(args[1]) : undefined),
      )
    }
    if (name === 'begin' || name === 'savepoint' || name === 'reserve') {
      const body = args.find(a => a.t === 'fn')
      return body
        ? call.rt.settle(call.rt.invoke(body, [v], call), { file: call.file, line: call.line, rt: call.rt })
        : v
    }
    return UNK
  },
})
defineDomain('sql-fragment', {})
defineDomain('postgres-query', {
  escapes: true,
  method: (v, name) => (name === 'then' || name === 'catch' || name === 'finally' ? undefined : v),
  settle: (v, at) => run(v.s as AccessDraft, at.rt),
})

export interface PoolFacts {
  port: number | undefined
  pooler: boolean
  prepare: boolean | undefined
  env: string | undefined
  max: number | undefined
}

/** What the connection string and options tell; strings come from the environment nearly always, so most is unknown. */
export function poolFacts(args: Value[]): PoolFacts {
  const options = args.find(a => a.t === 'obj')
  const get = (key: string) => (options?.t === 'obj' ? options.p.get(key) : undefined)
  const url = args[0]?.t === 'obj' ? (get('connectionString') ?? get('host')) : args[0]
  const text = url?.t === 'str' ? (url.v ?? '') : ''
  const port = literal(get('port') ?? UNDEF) ?? /:(\d{4,5})\//.exec(text)?.[1]
  const prepare = literal(get('prepare') ?? UNDEF)
  const max = literal(get('max') ?? UNDEF)
  return {
    port: port === undefined || port === null ? undefined : Number(port),
    pooler: text.includes('pooler.supabase.com') || /pgbouncer=true/.test(text) || text.includes(':6543'),
    prepare: typeof prepare === 'boolean' ? prepare : undefined,
    env: url ? metaOf(url)?.env : undefined,
    max: typeof max === 'number' ? max : undefined,
  }
}

/** `kept` is set when the pool is put where it outlives the call (see exec.ts, bind). */
function emitPool(call: Call, what: string): Record<string, unknown> {
  const data = { what, inFunction: call.rt.inFunction(), ...poolFacts(call.args) }
  call.rt.emit({ k: 'pool', file: call.file, line: call.startLine, data })
  return data
}

const postgres = native('postgres', call => {
  return dom('postgres-js', { pool: emitPool(call, 'postgres.js') })
})
definePackage('postgres', { default: postgres, '*': postgres })
definePackage('@neondatabase/serverless', {
  neon: native('neon', () => dom('postgres-js', {})),
  Pool: native('Pool', () => dom('pg', {})),
  Client: native('Client', () => dom('pg', {})),
  neonConfig: UNK,
})
definePackage('@vercel/postgres', {
  sql: dom('postgres-js', {}),
  db: dom('pg', {}),
  createPool: native('createPool', () => dom('pg', {})),
  createClient: native('createClient', () => dom('pg', {})),
})

const pool = (what: string) =>
  native(what, call => {
    return dom('pg', { pool: emitPool(call, `pg.${what}`) })
  })
definePackage('pg', {
  Pool: pool('Pool'),
  Client: pool('Client'),
  default: obj({ Pool: pool('Pool'), Client: pool('Client') }),
  '*.Pool': pool('Pool'),
  '*.Client': pool('Client'),
})

defineDomain('pg', {
  bound: true,
  method(v, name, args, call) {
    if (name === 'connect' || name === 'on') return v
    if (name !== 'query') return UNDEF
    const q = args[0]
    const source = q?.t === 'obj' ? q.p.get('text') : q
    const text = source?.t === 'str' ? (source.v ?? '\u0001') : '\u0001'
    if (/^\s*(begin|commit|rollback|set|savepoint|release)\b/i.test(text)) return UNK
    const interpolated = text.includes('\u0001') || source?.t !== 'str'
    const values = args[1] ?? (q?.t === 'obj' ? q.p.get('values') : undefined)
    const d = start(
      call,
      'pg',
      text,
      source ? metaOf(source) : undefined,
      interpolated,
      values ? metaOf(values) : undefined,
    )
    const rows = run(d, call.rt)
    return obj({ rows, rowCount: NUM, fields: UNK })
  },
  get: () => undefined,
})

/** Kysely: db.selectFrom('t').where('c', '=', v).limit(1).execute() */
definePackage('kysely', {
  Kysely: native('Kysely', () => dom('kysely', {})),
  PostgresDialect: native('PostgresDialect', call => call.args[0] ?? UNDEF),
  sql: dom('kysely-sql', {}),
})
defineDomain('kysely-sql', {
  tag: (_v, _q, values) =>
    dom(
      'sql-fragment',
      '',
      values.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
    ),
  method: () => UNK,
})
const KYSELY: Record<string, AccessDraft['op']> = {
  selectFrom: 'select',
  insertInto: 'insert',
  updateTable: 'update',
  deleteFrom: 'delete',
}
defineDomain('kysely', {
  method(v, name, args, call) {
    const op = KYSELY[name]
    if (op) {
      const table = literal(args[0] ?? UNDEF)
      const d: AccessDraft = {
        ...newDraft(call.rt, call, 'kysely', 'service'),
        op,
        table: typeof table === 'string' ? (table.split(' as ')[0] as string) : null,
      }
      ;(call.rt as Machine).drafts.push(d)
      return dom('kysely-query', d)
    }
    if (name === 'transaction' || name === 'connection') return v
    if (name === 'execute') {
      const body = args[0]
      return body ? call.rt.invoke(body, [v], call) : UNK
    }
    return v
  },
})
defineDomain('kysely-query', {
  ...builderStates,
  method(v, name, args, call) {
    const d = v.s as AccessDraft
    const next = (c: Partial<AccessDraft>): DomValue => dom('kysely-query', { ...d, ...c })
    switch (name) {
      case 'where': {
        const column = literal(args[0] ?? UNDEF)
        const op = literal(args[1] ?? UNDEF)
        return next({
          filters: [
            ...d.filters,
            {
              column: typeof column === 'string' ? (column.split('.').pop() as string) : null,
              op: op === '=' ? 'eq' : String(op),
              meta: args[2] ? metaOf(args[2]) : undefined,
              constant: args[2] ? literal(args[2]) !== undefined : false,
            },
          ],
        })
      }
      case 'limit':
        return next({ limit: { value: undefined, meta: metaOf(args[0] ?? UNDEF) } })
      case 'offset':
        return next({ offset: { value: undefined, meta: metaOf(args[0] ?? UNDEF) } })
      case 'values':
      case 'set':
        return next({ payload: metaOf(args[0] ?? UNDEF) })
      case 'onConflict':
        return next({ op: 'upsert' })
      case 'execute':
        return run(d, call.rt)
      case 'executeTakeFirst':
      case 'executeTakeFirstOrThrow': {
        const rows = run({ ...d, single: 'maybe' }, call.rt)
        return rows.t === 'arr'
          ? call.rt.union([
              { v: UNDEF, f: [] },
              { v: rows.e, f: [] },
            ])
          : UNK
      }
      default:
        return v
    }
  },
})
