import type { AccessDraft, AppModel, DataAccess, Endpoint, Meta, ReachedEffect } from '../tools/code/model.ts'
import type { SourceLocation } from '../tools/gathered.ts'
import type { SchemaModel, SchemaTable } from '../tools/schema/model.ts'
import type { DetectInput } from './playbook.ts'

/** Questions that several detectors ask of the evidence. Pure, like the detectors. */

export function tableOf(
  schema: SchemaModel | undefined,
  access: { table: string | null; schema: string | undefined },
): SchemaTable | undefined {
  if (!schema || !access.table) return undefined
  const name = access.table
  return (
    schema.tables.find(t => t.name === name && t.schema === (access.schema ?? 'public')) ??
    schema.tables.find(t => t.name === name) ??
    // Prisma and Drizzle name models in the singular or in camelCase.
    schema.tables.find(t => normal(t.name) === normal(name) || normal(t.name) === `${normal(name)}s`) ??
    // Relations are named in the plural, whatever the model is called.
    schema.tables.find(t => `${normal(t.name)}s` === normal(name))
  )
}

function normal(name: string): string {
  return name.replace(/_/g, '').toLowerCase()
}

/** Everything that runs for a caller: endpoints, pages, the proxy. */
export function allEffects(code: AppModel): ReachedEffect[] {
  return [
    ...code.routes.flatMap(r => r.effects),
    ...code.endpoints.flatMap(e => e.effects),
    ...code.apps.flatMap(a => a.proxy?.effects ?? []),
    ...code.unreached,
  ]
}

/** What some entry point really does; code that nothing calls apart. */
export function reachedEffects(code: AppModel): ReachedEffect[] {
  return [
    ...code.routes.flatMap(r => r.effects),
    ...code.endpoints.flatMap(e => e.effects),
    ...code.apps.flatMap(a => a.proxy?.effects ?? []),
  ]
}

export function isWrite(op: string): boolean {
  return op === 'insert' || op === 'update' || op === 'upsert' || op === 'delete'
}

/** Columns that hold whose row it is, by reference to the users' table where the schema tells, else by the usual names. */
const OWNER_COLUMN =
  /^(user|owner|author|creator|created_by|member|profile|account|customer|clerk|uploaded_by|posted_by)(_?(id|uuid|uid))?$/i

export function isOwnerColumn(column: string | null, table: SchemaTable | undefined): boolean {
  if (column === null) return false
  const bare = column.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  if (OWNER_COLUMN.test(bare) || bare === 'uid') return true
  const key = table?.foreignKeys.find(f => f.columns.length === 1 && f.columns[0] === column)
  return key !== undefined && (key.table === 'users' || key.table === 'profiles' || key.schema === 'auth')
}

/** Whose tenant the row is: everything that an organisation does adds to it. */
export function isTenantColumn(column: string | null): boolean {
  return (
    column !== null &&
    /^(org|organi[sz]ation|tenant|workspace|company|team|account|store|shop|space|household)_?id$/i.test(
      column.replace(/([a-z])([A-Z])/g, '$1_$2'),
    )
  )
}

export function hasOwnerColumn(table: SchemaTable | undefined): boolean | undefined {
  return table ? table.columns.some(c => isOwnerColumn(c.name, table)) : undefined
}

/** Caller input that nothing validated: path parameters and headers apart, which are judged by their own rules. */
export function callerInputs(meta: Meta | undefined): { ref: string; num: boolean }[] {
  return (meta?.inp ?? []).map(i => ({ ref: i.ref, num: i.num === true }))
}

/** Nothing but headers went into it: what a proxy sets (the tenant of a domain), or a platform. */
export function isFromHeaders(meta: Meta | undefined): boolean {
  return meta?.inp !== undefined && meta.inp.length > 0 && meta.inp.every(i => i.ref.startsWith('header.'))
}

/** "body.title" → "`title` from the request body"; "arg0" → the parameter's name where it has one. */
export function inputName(ref: string, e?: Pick<Endpoint, 'parameterNames'>): string {
  if (ref === 'size') return 'a number that the caller sends'
  const [source, ...rest] = ref.split('.')
  const path = rest.filter(p => !/^\d+$/.test(p) && p !== 'length').join('.')
  if (source?.startsWith('arg')) {
    const index = Number(source.slice(3))
    const name = e?.parameterNames[index]
    if (name) return `\`${path ? `${name}.${path}` : name}\``
    return path ? `\`${path}\`` : `argument ${index + 1}`
  }
  const words: Record<string, string> = {
    body: 'the request body',
    query: 'the query string',
    form: 'the form',
    param: 'the path',
    header: 'the headers',
    cookie: 'the cookies',
  }
  const place = words[source ?? ''] ?? source ?? ref
  return path && path !== '*' ? `\`${path}\` from ${place}` : place
}

export function objectName(a: { table: string | null; rpc: string | null }): string {
  return a.rpc ? `${a.rpc}()` : a.table ? `\`${a.table}\`` : 'a table'
}

export function at(file: string, line: number, endLine?: number): SourceLocation {
  return endLine !== undefined && endLine > line ? { file, line, endLine } : { file, line }
}

export function endpointLocation(e: Endpoint): SourceLocation {
  return at(e.file, e.line, e.endLine)
}

export function endpointName(e: Endpoint): string {
  return e.kind === 'handler' ? `${e.name} ${e.path}` : `${e.name}()`
}

/** Only where nobody but developers is (`NODE_ENV === 'development'`). */
export function isDevelopmentOnly(facts: ReadonlySet<string>): boolean {
  return facts.has('dev-only')
}

/** Guards on the path to an effect. */
export function isAuthenticated(facts: ReadonlySet<string>): boolean {
  return (
    facts.has('dev-only') ||
    facts.has('capability') ||
    facts.has('auth') ||
    facts.has('secret') ||
    facts.has('session') ||
    facts.has('role') ||
    facts.has('owner')
  )
}

/** The question is open: a guard may be hidden in code that cannot be seen. */
export function isUndecided(
  facts: ReadonlySet<string>,
  endpoint: Endpoint | undefined,
  kind: 'auth' | 'valid' | 'limited',
): boolean {
  return facts.has(`maybe-${kind}`) || endpoint?.opaque === true
}

/** Places where people are let in or out: they cannot ask for a session first. */
const SIGN_IN_PATH =
  /(^|[/_-])(auth|login|log-in|logout|signin|sign-in|signup|sign-up|signout|sign-out|register|callback|confirm|verify|oauth|sso|magic-link|reset|forgot|password)([/_-]|$)/i
const SIGN_IN_NAME =
  /^(sign|log)_?(in|out|up)|^(login|logout|register|oauth|handle(Login|Sign)|forgot|reset|verify|confirm|resend|request(Password|Reset))|password|magic|otp/i

export function letsPeopleIn(e: Endpoint): boolean {
  return (
    e.effects.some(x => x.effect.k === 'sign-in' && !x.client) ||
    (e.kind === 'handler'
      ? SIGN_IN_PATH.test(e.path)
      : SIGN_IN_NAME.test(e.name) ||
        (SIGN_IN_PATH.test(e.file.replace(/\.[a-z]+$/, '').replace(/^.*\/app\//, '/')) && SIGN_IN_NAME.test(e.name)))
  )
}

/** Error reports, feedback, contact forms, newsletters: adding a row is what they are for; limiting how often is another question. */
export function takesIn(e: Endpoint): boolean {
  const writes = e.effects.flatMap(r =>
    r.effect.k === 'access' && !r.client && isWrite(r.effect.draft.op) ? [r.effect.draft.op] : [],
  )
  return (
    writes.every(op => op === 'insert' || op === 'upsert') &&
    /(log-?error|errors?|feedback|contact|newsletter|subscrib|waitlist|wait-list|track|analytics|telemetry|vitals)/i.test(
      e.kind === 'handler' ? e.path : e.name,
    )
  )
}

/** The accesses of an endpoint that run on the server, with what holds there. */
export function serverAccesses(e: {
  effects: readonly ReachedEffect[]
}): { draft: AccessDraft; reached: ReachedEffect }[] {
  return e.effects.flatMap(r => (r.effect.k === 'access' && !r.client ? [{ draft: r.effect.draft, reached: r }] : []))
}

/** Whether any app code adds rows to the table: a table that only migrations fill stays small. */
export function isWrittenByApp(code: AppModel, table: string): boolean {
  return code.accesses.some(
    a =>
      (a.table === table && (a.operation === 'insert' || a.operation === 'upsert')) ||
      (a.rpc !== null && ADDS.test(a.rpc) && a.rpc.includes(table.replace(/s$/, ''))),
  )
}

/** Functions of the database that add rows, by their names (`create_vote`). */
const ADDS = /^(create|add|insert|save|submit|post|place|book|record|log|track)_/i

/**
 * A table of reference data: seeded by the migrations and never added to by the app, or with nothing in it that could grow with use.
 * Undecided (no schema) counts as no.
 */
export function isReferenceTable(
  { code, schema }: DetectInput,
  access: { table: string | null; schema: string | undefined },
): boolean {
  const table = tableOf(schema, access)
  if (!table || !access.table) return false
  if (table.kind !== 'table') return false
  return table.seededRows > 0 && table.seededRows <= 50 && !hasOwnerColumn(table) && !isWrittenByApp(code, access.table)
}

/** Equality with a category or another row of reference data leaves a large share of the table. */
export function isBroadParent(input: DetectInput, table: SchemaTable | undefined, column: string | null): boolean {
  const key = table?.foreignKeys.find(f => f.columns.length === 1 && f.columns[0] === column)
  return key !== undefined && isReferenceTable(input, { table: key.table, schema: key.schema })
}

/** What row-level security says of an anonymous caller: can they run this command on the table? Undefined when the schema is silent. */
export function anonymousMay(
  schema: SchemaModel | undefined,
  access: { table: string | null; schema: string | undefined },
  op: string,
): boolean | undefined {
  const table = tableOf(schema, access)
  if (!table || schema?.source === 'generated-types') return undefined
  if (!table.rowLevelSecurity) return true
  const commands: string[] = op === 'upsert' ? ['insert', 'update'] : [op]
  return commands.every(command =>
    table.policies.some(p => {
      if (!p.permissive || (p.command !== 'all' && p.command !== command)) return false
      if (p.roles.length && !p.roles.some(r => r === 'public' || r === 'anon')) return false
      const text = command === 'insert' ? (p.withCheck ?? p.using ?? 'true') : (p.using ?? 'true')
      return !asksWho(text)
    }),
  )
}

/** The expression depends on who asks: without a signed-in user it is false. */
function asksWho(expression: string): boolean {
  return (
    /auth\s*\.\s*(uid|jwt|role|email)\s*\(|current_setting|is_[a-z_]*(admin|member|owner|moderator|staff|authenticated)|has_[a-z_]*role|get_(my|user|current)|current_user/i.test(
      expression,
    ) || /^\s*\(?\s*false\s*\)?\s*$/i.test(expression)
  )
}

export function uniqueBy<T>(list: readonly T[], key: (x: T) => string): T[] {
  const seen = new Set<string>()
  return list.filter(x => {
    const k = key(x)
    if (seen.has(k)) return false
    seen.add(k)
    return true
  })
}

/** Routes of endpoints and pages that reach a place. */
export function routesOfPlace(code: AppModel, test: (r: ReachedEffect) => boolean): string[] {
  const out = new Set<string>()
  for (const r of code.routes) if (r.effects.some(test)) out.add(r.path)
  for (const e of code.endpoints) if (e.effects.some(test)) for (const p of e.routes) out.add(p)
  return [...out].sort()
}

export type { AccessDraft, DataAccess, Endpoint, ReachedEffect }
