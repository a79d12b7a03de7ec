import type { Machine } from '../eval/machine.ts'
import type { Call, Meta, Value } from '../eval/values.ts'
import { arr, dom, joinMeta, metaOf, NUM, native, obj, UNDEF, UNK } from '../eval/values.ts'
import { type AccessDraft, addPayload, limitOf, newDraft, rowMeta } from './access.ts'
import { defineDomain } from './domains.ts'
import { objectFilters } from './drizzle.ts'
import { definePackage } from './packages.ts'
import { readSql, throwDatabase } from './sql.ts'

const client: Value = dom('prisma', {})
definePackage('@prisma/client', {
  PrismaClient: native('PrismaClient', call => {
    const data = { what: 'PrismaClient', inFunction: call.rt.inFunction() }
    call.rt.emit({ k: 'pool', file: call.file, line: call.startLine, data })
    return dom('prisma', { pool: data })
  }),
  Prisma: dom('prisma-namespace', {}),
})
definePackage('@prisma/client/edge', { PrismaClient: native('PrismaClient', () => client) })
/** The generated client of newer versions lives in the app; it is recognised by its exports (see registry.ts). */
export const prismaClient = native('PrismaClient', () => client)
defineDomain('prisma-namespace', {
  tag: (_v, q, values) =>
    dom(
      'prisma-sql',
      q.join('\u0001'),
      values.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
    ),
  get: v => v,
  method: (_v, _n, args) =>
    dom(
      'prisma-sql',
      '',
      args.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
    ),
})
defineDomain('prisma-sql', {})

const READS: Record<string, Partial<AccessDraft>> = {
  findMany: {},
  findFirst: { single: 'maybe', limit: { value: 1, meta: undefined } },
  findFirstOrThrow: { single: 'single', limit: { value: 1, meta: undefined } },
  findUnique: { single: 'maybe' },
  findUniqueOrThrow: { single: 'single' },
  count: { aggregate: true },
  aggregate: { aggregate: true },
  groupBy: {},
}
const WRITES: Record<string, AccessDraft['op']> = {
  create: 'insert',
  createMany: 'insert',
  createManyAndReturn: 'insert',
  update: 'update',
  updateMany: 'update',
  updateManyAndReturn: 'update',
  upsert: 'upsert',
  delete: 'delete',
  deleteMany: 'delete',
}

defineDomain('prisma', {
  bound: true,
  get: (v, p) =>
    p === '$queryRaw' || p === '$executeRaw'
      ? dom('prisma-raw', {})
      : p.startsWith('$')
        ? undefined
        : /^(then|toJSON)$/.test(p)
          ? UNDEF
          : dom('prisma-model', { name: p, of: v }),
  tag: () => undefined,
  method(v, name, args, call) {
    switch (name) {
      case '$transaction': {
        const body = args[0]
        if (body?.t === 'fn')
          return call.rt.settle(call.rt.invoke(body, [v], call), { file: call.file, line: call.line, rt: call.rt })
        return body ?? UNK
      }
      case '$extends':
        return v
      case '$queryRawUnsafe':
      case '$executeRawUnsafe': {
        const q = args[0]
        return raw(call, q?.t === 'str' ? (q.v ?? '\u0001') : '\u0001', q ? metaOf(q) : undefined, true)
      }
      case '$queryRaw':
      case '$executeRaw': {
        const q = args[0]
        return raw(call, q?.t === 'dom' && typeof q.s === 'string' ? q.s : '\u0001', undefined, false)
      }
    }
    return name.startsWith('$') ? UNK : undefined
  },
})

/** `prisma.$queryRaw\`…\`` arrives as a call of the member (see expr.ts): the tag is the member itself. */
defineDomain('prisma-raw', {
  tag: (_v, quasis, values, call) =>
    raw(
      call,
      quasis.join('\u0001'),
      values.reduce<Meta | undefined>((a, x) => joinMeta(a, metaOf(x)), undefined),
      false,
    ),
})

function raw(call: Call, text: string, meta: Meta | undefined, unsafe: boolean): Value {
  const info = readSql(text)
  const d: AccessDraft = {
    ...newDraft(call.rt, call, 'prisma', 'service'),
    op: info.op,
    table: info.table,
    sql: text,
    aggregate: info.aggregate,
    filters: info.filters,
    ...(info.limited ? { limit: { value: undefined, meta: undefined } } : {}),
    ...(unsafe ? { raw: { meta, text, line: call.line } } : {}),
  }
  ;(call.rt as Machine).drafts.push(d)
  call.rt.emit({ k: 'access', file: d.file, line: d.line, draft: d })
  throwDatabase(call.rt)
  return arr({ t: 'unk', m: { rows: [d.id] } }, { rows: [d.id] })
}

defineDomain('prisma-model', {
  bound: true,
  method(v, name, args, call) {
    const table = (v.s as { name: string }).name
    const options = args[0]
    const get = (key: string) => (options?.t === 'obj' ? options.p.get(key) : undefined)
    const read = READS[name]
    const write = WRITES[name]
    if (!read && !write) return undefined
    const where = get('where')
    const d: AccessDraft = {
      ...newDraft(call.rt, call, 'prisma', 'service'),
      ...(read ?? {}),
      op: write ?? 'select',
      table,
      filters:
        where?.t === 'obj'
          ? objectFilters(where)
          : where
            ? [{ column: null, op: 'where', meta: metaOf(where), constant: false }]
            : [],
      ...(get('take') ? { limit: limitOf(get('take')) } : {}),
      ...(get('skip') ? { offset: limitOf(get('skip')) } : {}),
      embeds: ['include', 'select'].flatMap(k => {
        const x = get(k)
        return x?.t === 'obj' && k === 'include'
          ? [...x.p].map(([t, o]) => ({ table: t, limited: o.t === 'obj' && o.p.has('take') }))
          : []
      }),
      returning: true,
    }
    const by = get('by')
    if (by && metaOf(by)?.inp) d.raw = { meta: metaOf(by), text: '', line: call.line }
    for (const key of ['data', 'create', 'update']) if (get(key)) addPayload(d, get(key))
    // An options object that cannot be seen through may hold a limit.
    if (options && options.t !== 'obj' && name === 'findMany') d.limit = { value: undefined, meta: metaOf(options) }
    if (options?.t === 'obj' && options.open && name === 'findMany' && !get('take')) d.paged = true
    ;(call.rt as Machine).drafts.push(d)
    call.rt.emit({ k: 'access', file: d.file, line: d.line, draft: d })
    throwDatabase(call.rt)
    const meta = rowMeta(d)
    const facts = [
      ...(d.filters.some(f => f.meta?.credential && f.op === 'eq') ? ['auth'] : []),
      ...(d.filters.some(f => f.meta?.auth) ? ['owner'] : []),
    ]
    const row: Value = { t: 'obj', p: new Map(), open: true, m: meta }
    if (d.aggregate) return NUM
    if (d.single === 'maybe')
      return call.rt.union([
        { v: { t: 'null' }, f: [] },
        { v: row, f: facts },
      ])
    if (d.single === 'single') {
      call.rt.fact(...facts)
      return row
    }
    if (write) return name.endsWith('Many') ? obj({ count: NUM }) : row
    return arr({ t: 'unk', m: meta }, joinMeta(meta, undefined) as Meta)
  },
})
