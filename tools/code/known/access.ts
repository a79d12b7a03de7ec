import type { DomValue, Meta, Runtime, Value } from '../eval/values.ts'
import { dom, joinMeta, literal, metaOf } from '../eval/values.ts'
import type { Domain } from './domains.ts'

export type ClientRole = 'anon' | 'user' | 'service' | 'unknown'
export type AccessClient = 'supabase-js' | 'drizzle' | 'prisma' | 'postgres.js' | 'pg' | 'kysely'
export type Operation = 'select' | 'insert' | 'update' | 'upsert' | 'delete' | 'rpc' | 'raw'

export interface FilterDraft {
  /** null when the column is not a literal. */
  column: string | null
  op: string
  meta: Meta | undefined
  /** The value is a literal. */
  constant: boolean
  /** That literal. */
  value?: string | number | boolean | null
  /** The column is a relation, and the value a filter of the row that it leads to (ORMs). */
  relation?: true
  /** For `in`: number of values when the list is a literal. */
  listLength?: number
}

export interface Embed {
  table: string
  limited: boolean
  alias?: string
  /** Names the foreign key or column that relates the two (PostgREST's `table!hint`). */
  hint?: string
  /** Table of the embed that it stands in; absent for those of the query's own table. */
  within?: string
  /** Only a number comes back. */
  counted?: boolean
}

/** What is known of one query while its builder is assembled; copied at every step, so that branches keep their own. */
export interface AccessDraft {
  id: number
  client: AccessClient
  role: ClientRole
  file: string
  line: number
  endLine: number
  schema: string | undefined
  table: string | null
  rpc: string | null
  op: Operation
  columns: string | null
  /** Related tables fetched with it, and whether they carry a limit of their own. */
  embeds: Embed[]
  filters: FilterDraft[]
  order: string[]
  /** Those of `order` that run downwards. */
  descending?: string[]
  /** Rows are limited in SQL. `value` when it is a literal; `meta` tells whether the caller chooses it. */
  limit: { value: number | undefined; meta: Meta | undefined } | undefined
  offset: { meta: Meta | undefined; value: number | undefined; file?: string; line?: number } | undefined
  range: boolean
  single: 'single' | 'maybe' | undefined
  head: boolean
  count: 'exact' | 'planned' | 'estimated' | undefined
  aggregate: boolean
  payload: Meta | undefined
  payloadRows: 'one' | 'many' | 'unknown'
  /** Of an upsert: the history of the values in its conflict key; undefined when they are not known. */
  conflict?: Meta | undefined
  /** Filter text assembled from strings (`or()`, `filter()`, raw SQL) with what went into it. */
  raw: { meta: Meta | undefined; text: string; line: number } | undefined
  search: boolean
  returning: boolean
  throws: boolean
  /** SQL text with U+0001 in place of what is not known. */
  sql: string | undefined
  paged: boolean
  /** The client's own fetch says how long Next keeps what it reads. */
  fetch?: FetchOption | undefined
}

export interface FetchOption {
  noStore: boolean
  revalidate: number | false | undefined
  file: string
  line: number
}

export function newDraft(
  rt: Runtime,
  at: { file: string; line: number; endLine: number },
  client: AccessClient,
  role: ClientRole,
): AccessDraft {
  return {
    id: rt.nextId(),
    client,
    role,
    file: at.file,
    line: at.line,
    endLine: at.endLine,
    schema: undefined,
    table: null,
    rpc: null,
    op: 'select',
    columns: null,
    embeds: [],
    filters: [],
    order: [],
    limit: undefined,
    offset: undefined,
    range: false,
    single: undefined,
    head: false,
    count: undefined,
    aggregate: false,
    payload: undefined,
    payloadRows: 'unknown',
    raw: undefined,
    search: false,
    returning: false,
    throws: false,
    sql: undefined,
    paged: false,
  }
}

export function limitOf(v: Value | undefined): { value: number | undefined; meta: Meta | undefined } {
  const value = v ? literal(v) : undefined
  return { value: typeof value === 'number' ? value : undefined, meta: v ? metaOf(v) : undefined }
}

export function filterOf(column: string | null, op: string, v: Value | undefined): FilterDraft {
  const value = v ? literal(v) : undefined
  const out: FilterDraft = { column, op, meta: v ? metaOf(v) : undefined, constant: value !== undefined }
  if (value !== undefined) out.value = value
  if (v?.t === 'arr' && v.items) out.listLength = v.items.length
  else if (v?.t === 'arr' && v.bound !== undefined) out.listLength = v.bound
  return out
}

/** Facts and history that reading a row by these filters proves. */
export function rowMeta(d: AccessDraft): Meta {
  const tied = d.filters.some(f => f.meta?.auth) || Boolean(d.raw?.meta?.auth)
  const presented = d.filters.some(f => f.meta?.credential && isEquality(f.op))
  // One row that the caller named, read without authorisation, is still a row of somebody: no claim is made.
  const m: Meta = { rows: [d.id] }
  if (tied || presented) m.auth = true
  if (d.filters.some(f => f.meta?.session) && !tied) m.session = true
  return m
}

export function foundFacts(d: AccessDraft): string[] {
  const out: string[] = []
  // Looking up what the caller presented (a session token, an API key) and finding it authenticates the caller.
  if (d.filters.some(f => f.meta?.credential && isEquality(f.op))) out.push('auth')
  const tied = d.filters.some(f => f.meta?.auth) || d.raw?.meta?.auth
  // The caller's own profile proves who they are; a row that was named and is theirs proves that it is theirs.
  if (
    tied &&
    d.filters.some(
      f =>
        f.column !== null && !f.meta?.auth && !f.constant && (f.meta?.caller || f.meta?.rows || f.meta?.inp || !f.meta),
    )
  ) {
    out.push('owner')
    for (const f of d.filters) for (const r of f.meta?.inp ?? []) out.push(`owned:${r.ref}`)
  }
  // A row that the caller named, read as the caller: row-level security has let them.
  if (d.client === 'supabase-js' && d.role === 'user' && isLookup(d))
    for (const f of d.filters)
      if (isEquality(f.op) && f.meta?.caller)
        out.push(...(f.meta.inp?.length ? f.meta.inp.map(r => `seen:${r.ref}@${d.table}`) : [`seen:*@${d.table}`]))
  // An unguessable token that names the row: whoever has it was given it.
  if (
    d.filters.some(
      f =>
        isEquality(f.op) &&
        f.meta?.caller &&
        /(^|_)(token|secret|api_?key|access_?code)(_hash)?$/i.test(f.column ?? ''),
    )
  )
    out.push('capability')
  if (isLookup(d))
    for (const f of d.filters) if (isEquality(f.op)) for (const r of f.meta?.inp ?? []) out.push(`found:${r.ref}`)
  return out
}

function isLookup(d: AccessDraft): boolean {
  return d.op === 'select'
}

export function isEquality(op: string): boolean {
  return op === 'eq' || op === 'in' || op === 'match' || op === 'is'
}

export function addPayload(d: AccessDraft, v: Value | undefined): void {
  if (!v) return
  d.payload = joinMeta(d.payload, metaOf(v))
  d.payloadRows = v.t === 'arr' ? 'many' : v.t === 'obj' ? 'one' : 'unknown'
}

/** How query builders of every library are merged (see mergeBuilders): by the place that started them and what they do. */
export const builderStates: Pick<Domain, 'origin' | 'merge'> = {
  origin(v) {
    const d = v.s as AccessDraft
    return `${d.id}|${d.op}|${d.table}|${d.rpc}|${d.single ?? ''}|${d.head}|${d.role}`
  },
  merge(states) {
    const drafts = states.map(s => s.s as AccessDraft)
    const first = states[0] as DomValue
    return [dom(first.d, least(drafts), first.m), dom(first.d, most(drafts), first.m)]
  },
}

function least(drafts: AccessDraft[]): AccessDraft {
  const out = most(drafts)
  const all = <T>(pick: (d: AccessDraft) => T | undefined): T | undefined =>
    drafts.every(d => pick(d) !== undefined) ? pick(drafts[0] as AccessDraft) : undefined
  return {
    ...out,
    filters: out.filters.filter(f => drafts.every(d => d.filters.some(x => sameFilter(x, f)))),
    limit: all(d => d.limit),
    offset: all(d => d.offset),
    range: drafts.every(d => d.range),
    embeds: out.embeds.map(e => ({
      ...e,
      limited: drafts.every(d => d.embeds.some(x => x.table === e.table && x.limited)),
    })),
    paged: drafts.every(d => d.paged),
  }
}

/** One step of the code gives every state of the builder a filter of its own. */
function sameFilter(a: FilterDraft, b: FilterDraft): boolean {
  if (a === b) return true
  if (a.column !== b.column || a.op !== b.op || a.value !== b.value || a.listLength !== b.listLength) return false
  if (a.constant !== b.constant) return false
  return a.meta === b.meta || JSON.stringify(a.meta) === JSON.stringify(b.meta)
}

function most(drafts: AccessDraft[]): AccessDraft {
  const some = <T>(pick: (d: AccessDraft) => T | undefined): T | undefined =>
    drafts.map(pick).find(x => x !== undefined)
  const raws = drafts.flatMap(d => (d.raw ? [d.raw] : []))
  return {
    ...(drafts[0] as AccessDraft),
    filters: drafts.flatMap(d => d.filters).filter((f, i, all) => all.findIndex(x => sameFilter(x, f)) === i),
    order: [...new Set(drafts.flatMap(d => d.order))],
    limit: some(d => d.limit),
    offset: some(d => d.offset),
    range: drafts.some(d => d.range),
    count: some(d => d.count),
    embeds: drafts.map(d => d.embeds).reduce((a, b) => (b.length > a.length ? b : a)),
    payload: drafts.reduce<Meta | undefined>((m, d) => joinMeta(m, d.payload), undefined),
    ...(raws[0]
      ? { raw: { ...raws[0], meta: raws.reduce<Meta | undefined>((m, r) => joinMeta(m, r.meta), undefined) } }
      : {}),
    search: drafts.some(d => d.search),
    returning: drafts.some(d => d.returning),
    paged: drafts.some(d => d.paged),
  }
}
