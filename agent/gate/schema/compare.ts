import { PLATFORM_SCHEMAS } from '../../../tools/schema/platform.ts'
import type { GateReason } from '../verdict.ts'
import { formulaOf, implies } from './expression.ts'
import { compareFunctions } from './functions.ts'
import { comparePolicies } from './policies.ts'
import type { Column, Snapshot } from './snapshot.ts'
import { sameText } from './tokens.ts'

export interface CompareOptions {
  /** The two states are "before" and "up and down again": what the way up made is not there to be kept. */
  undone?: boolean
}

/** Everything that is weaker, wider or lost in `after`. Pure: the same two snapshots give the same reasons. */
export async function compareSnapshots(before: Snapshot, after: Snapshot): Promise<GateReason[]> {
  return [
    ...compareRelations(before, after),
    ...compareColumns(before, after),
    ...(await comparePolicies(before, after)),
    ...(await compareConstraints(before, after)),
    ...compareIndexes(before, after),
    ...compareTriggers(before, after),
    ...compareFunctions(before, after),
    ...comparePrivileges(before, after),
    ...compareRoles(before, after),
    ...compareServices(before, after),
  ]
}

const reason = (rule: string, object: string, evidence: string): GateReason => ({ rule, object, evidence })

function isPlatform(schema: string): boolean {
  return PLATFORM_SCHEMAS.includes(schema)
}

const schemaOf = (name: string) => name.split('.')[0] ?? ''

const KIND: Record<string, string> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
}
const API_ROLES = ['anon', 'authenticated', 'public']

function openRoles(snapshot: Snapshot, name: string, privileges = ['select', 'insert', 'update', 'delete']): string[] {
  const usage = snapshot.schemas.get(schemaOf(name))?.usage ?? []
  return API_ROLES.filter(
    role =>
      (usage.includes(role) || usage.includes('public')) &&
      snapshot.privileges.get(`table ${name} ${role}`)?.some(one => privileges.includes(one.split('(')[0]!)),
  )
}

function compareRelations(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, was] of before.relations) {
    const is = after.relations.get(name)
    const object = `${KIND[was.kind] ?? 'relation'} ${name}`
    if (!is || is.kind !== was.kind) {
      out.push(reason('data-loss', object, is ? `${KIND[was.kind]} → ${KIND[is.kind]}` : `${KIND[was.kind]} → dropped`))
      continue
    }
    if (was.rls && !is.rls) out.push(reason('rls-disabled', object, 'row level security enabled → disabled'))
    if (was.force && !is.force) out.push(reason('rls-not-forced', object, 'row level security forced → not forced'))
    if (was.owner !== is.owner) out.push(reason('owner-changed', object, `owner ${was.owner} → ${is.owner}`))
    if (was.persistence === 'p' && is.persistence !== 'p')
      out.push(reason('data-loss', object, 'logged → unlogged: a crash empties it'))
    if (was.partitionOf && was.partitionOf !== is.partitionOf)
      out.push(reason('data-loss', object, `partition of ${was.partitionOf} → ${is.partitionOf ?? 'detached'}`))
    if (was.kind === 'v' && isInvoker(was.options) && !isInvoker(is.options) && readsRows(after, is.reads))
      out.push(
        reason(
          'definer-view',
          object,
          'security_invoker → rights of its owner, which row level security does not bind',
        ),
      )
    if (was.kind === 'v' && was.options.some(isBarrier) && !is.options.some(isBarrier))
      out.push(reason('view-wider', object, 'security_barrier → none'))
    if (was.definition !== null && is.definition !== null && !sameText(was.definition, is.definition))
      out.push(reason('view-changed', object, `${brief(was.definition)} → ${brief(is.definition)}`))
  }
  for (const [name, is] of after.relations) {
    if (before.relations.has(name)) continue
    const object = `${KIND[is.kind] ?? 'relation'} ${name}`
    const open = openRoles(after, name)
    if (isPlatform(is.schema) && is.kind !== 'S')
      out.push(reason('platform-schema', object, `nothing → a new ${KIND[is.kind]} in ${is.schema}`))
    else if (open.length === 0) continue
    else if ((is.kind === 'r' || is.kind === 'p') && !is.rls)
      out.push(
        reason('rls-disabled', object, `nothing → a new table without row level security, open to ${open.join(', ')}`),
      )
    else if (is.kind === 'v' && !isInvoker(is.options) && readsRows(after, is.reads))
      out.push(reason('definer-view', object, `nothing → a view without security_invoker, open to ${open.join(', ')}`))
    else if (is.kind === 'm' && is.reads.length > 0)
      out.push(
        reason(
          'exposed-materialized-view',
          object,
          `nothing → a materialized view of ${is.reads.join(', ')}, open to ${open.join(', ')}`,
        ),
      )
    else if (is.kind === 'f')
      out.push(reason('foreign-table', object, `nothing → a foreign table open to ${open.join(', ')}`))
  }
  for (const [name, was] of before.schemas)
    if (!after.schemas.has(name)) out.push(reason('data-loss', `schema ${name}`, `owned by ${was.owner} → dropped`))
  for (const [name, was] of before.types) {
    const is = after.types.get(name)
    const gone = was.labels.filter(label => !is?.labels.includes(label))
    if (!is || gone.length > 0)
      out.push(
        reason(
          'data-loss',
          `type ${name}`,
          is ? `labels lost: ${gone.join(', ')}` : `${was.labels.join(', ') || was.kind} → dropped`,
        ),
      )
    else if (was.checks.some(check => !is.checks.includes(check)))
      out.push(
        reason('constraint-lost', `type ${name}`, `${was.checks.join('; ')} → ${is.checks.join('; ') || 'no check'}`),
      )
  }
  return out
}

const isInvoker = (options: string[]) => options.some(option => /^security_invoker=(true|on|1|yes)$/i.test(option))
const isBarrier = (option: string) => /^security_barrier=(true|on|1|yes)$/i.test(option)

/** A view over views or over tables: over constants there is nothing to protect. */
function readsRows(snapshot: Snapshot, reads: string[]): boolean {
  return reads.some(
    name => snapshot.relations.has(name) || !['pg_catalog', 'information_schema'].includes(schemaOf(name)),
  )
}

function compareColumns(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, was] of before.columns) {
    if (!after.relations.has(was.table)) continue
    const is = after.columns.get(name)
    const object = `column ${name}`
    if (!is) {
      out.push(reason('data-loss', object, `${was.type} → dropped`))
      continue
    }
    if (was.type !== is.type && !isWider(was.type, is.type))
      out.push(reason('type-narrowed', object, `${was.type} → ${is.type}`))
    if (was.notNull && !is.notNull) out.push(reason('constraint-lost', object, 'not null → nullable'))
    if (was.generated !== is.generated)
      out.push(reason('data-loss', object, 'generated → not generated or the reverse'))
    if (!sameDefault(was, is))
      out.push(reason('default-changed', object, `default ${was.default ?? 'none'} → ${is.default ?? 'none'}`))
    if (was.identity === 'a' && is.identity !== 'a')
      out.push(reason('constraint-lost', object, 'identity always → writable'))
  }
  for (const [name, is] of after.columns)
    if (!before.columns.has(name) && before.relations.has(is.table) && isPlatform(schemaOf(is.table)))
      out.push(reason('platform-schema', `column ${name}`, `nothing → ${is.type}`))
  return out
}

const INTEGERS = ['smallint', 'integer', 'bigint']
const RANDOM_UUID =
  /^(extensions\.uuid_generate_v4|gen_random_uuid|extensions\.gen_random_uuid|public\.uuid_generate_v4|pg_catalog\.gen_random_uuid)\(\)$/
const NOW = /^(now\(\)|CURRENT_TIMESTAMP|transaction_timestamp\(\)|statement_timestamp\(\)|clock_timestamp\(\))$/i

function sameDefault(was: Column, is: Column): boolean {
  if (was.default === is.default || was.generated !== '') return true
  if (was.default === null || is.default === null) return false
  if (RANDOM_UUID.test(was.default) && RANDOM_UUID.test(is.default)) return true
  return NOW.test(was.default) && NOW.test(is.default)
}

/** Types that hold every value of the old one as it was. */
function isWider(was: string, is: string): boolean {
  if (INTEGERS.includes(was) && INTEGERS.includes(is)) return INTEGERS.indexOf(is) >= INTEGERS.indexOf(was)
  if (/^(character varying(\(\d+\))?)$/.test(was) && (is === 'text' || is === 'character varying')) return true
  const [from, to] = [was, is].map(type => /^character varying\((\d+)\)$/.exec(type)?.[1])
  if (from && to) return Number(to) >= Number(from)
  const [a, b] = [was, is].map(type => /^numeric\((\d+),(\d+)\)$/.exec(type))
  if (a && b) return Number(b[2]) >= Number(a[2]) && Number(b[1]) - Number(b[2]) >= Number(a[1]) - Number(a[2])
  if (a && is === 'numeric') return true
  return was === 'real' && is === 'double precision'
}

async function compareConstraints(before: Snapshot, after: Snapshot): Promise<GateReason[]> {
  const out: GateReason[] = []
  for (const [name, was] of before.constraints) {
    if (!after.relations.has(was.table)) continue
    // What a dropped column takes along is told as the column.
    if (was.columns.some(column => !after.columns.has(`${was.table}.${column}`))) continue
    const others = [...after.constraints.values()].filter(one => one.table === was.table && one.type === was.type)
    const definition = withoutValidity(was.definition)
    if (others.some(one => withoutValidity(one.definition) === definition)) continue
    if ((was.type === 'p' || was.type === 'u') && isUnique(after, was.table, was.columns)) continue
    if (
      was.type === 'c' &&
      (await isImplied(
        definition,
        others.map(one => withoutValidity(one.definition)),
        was.table,
      ))
    )
      continue
    const same = others.find(one => one.name === was.name)
    out.push(reason('constraint-lost', `constraint ${name}`, `${was.definition} → ${same?.definition ?? 'nothing'}`))
  }
  return out
}

const withoutValidity = (definition: string) => definition.replace(/ NOT VALID$/, '')

async function isImplied(check: string, others: string[], table: string): Promise<boolean> {
  const inside = (text: string) => formulaOf(text.replace(/^CHECK /, '').replace(/ NO INHERIT$/, ''), table)
  const wanted = await inside(check)
  if (!wanted) return false
  for (const other of others) {
    const formula = await inside(other)
    if (formula && implies(formula, wanted)) return true
  }
  return false
}

function isUnique(snapshot: Snapshot, table: string, columns: string[], predicate: string | null = null): boolean {
  return [...snapshot.indexes.values()].some(
    index =>
      index.table === table &&
      index.unique &&
      (index.predicate === null || index.predicate === predicate) &&
      index.columns.every(column => columns.includes(column)),
  )
}

function compareIndexes(before: Snapshot, after: Snapshot): GateReason[] {
  return [...before.indexes.values()].flatMap(was => {
    if (!was.unique || was.constraint || !after.relations.has(was.table)) return []
    if (isUnique(after, was.table, was.columns, was.predicate)) return []
    return [
      reason(
        'constraint-lost',
        `unique index ${was.name} on ${was.table}`,
        `unique (${was.columns.join(', ')}) → nothing`,
      ),
    ]
  })
}

function compareTriggers(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, was] of before.triggers) {
    if (!after.relations.has(was.table)) continue
    const is = after.triggers.get(name)
    const object = `trigger ${was.name} on ${was.table}`
    const renamed = [...after.triggers.values()].some(
      one => strip(one.definition) === strip(was.definition) && one.enabled === was.enabled,
    )
    if (!is) {
      if (!renamed) out.push(reason('trigger-lost', object, `${was.definition} → dropped`))
    } else if (was.enabled !== is.enabled) {
      const wasOn = was.enabled !== 'D'
      if (wasOn)
        out.push(
          reason('trigger-lost', object, `enabled (${was.enabled}) → ${is.enabled === 'D' ? 'disabled' : is.enabled}`),
        )
    } else if (was.definition !== is.definition)
      out.push(reason('trigger-changed', object, `${was.definition} → ${is.definition}`))
  }
  for (const [name, is] of after.triggers)
    if (!before.triggers.has(name) && isPlatform(schemaOf(is.table)))
      out.push(reason('platform-schema', `trigger ${is.name} on ${is.table}`, `nothing → ${brief(is.definition)}`))
  return out
}

const strip = (definition: string) => definition.replace(/^CREATE (OR REPLACE )?(CONSTRAINT )?TRIGGER \S+/, '')

function comparePrivileges(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [key, is] of after.privileges) {
    const [, name = '', role = ''] = /^table (.+) (\S+)$/.exec(key) ?? []
    // What a new object is open to is judged with the object.
    if (!before.relations.has(name)) continue
    const was = before.privileges.get(key) ?? before.privileges.get(`table ${name} public`) ?? []
    const more = is.filter(one => !was.includes(one) && !was.includes(one.split('(')[0]!))
    // A new column under a grant on columns is no new right of its own.
    if (more.length > 0)
      out.push(reason('grant', `${name} to ${role}`, `${was.join(', ') || 'nothing'} → ${is.join(', ')}`))
  }
  for (const [key, is] of after.defaultPrivileges) {
    if (/ to (service_role|postgres|supabase_\w+)$/.test(key)) continue
    const more = is.filter(one => !before.defaultPrivileges.get(key)?.includes(one))
    if (more.length > 0)
      out.push(
        reason(
          'grant',
          `default privileges: ${key}`,
          `${before.defaultPrivileges.get(key)?.join(', ') ?? 'nothing'} → ${is.join(', ')}`,
        ),
      )
  }
  for (const [name, is] of after.schemas) {
    const was = before.schemas.get(name)
    const more = [
      ...is.usage.filter(role => !was?.usage.includes(role)),
      ...is.create.filter(role => !was?.create.includes(role)),
    ]
    if (more.length > 0)
      out.push(reason('grant', `schema ${name}`, `nothing → usable by ${[...new Set(more)].join(', ')}`))
    if (was && was.owner !== is.owner)
      out.push(reason('owner-changed', `schema ${name}`, `owner ${was.owner} → ${is.owner}`))
  }
  return out
}

function compareRoles(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, is] of after.roles) {
    const was = before.roles.get(name)
    for (const attribute of ['super', 'bypassrls', 'createrole', 'createdb', 'login', 'replication', 'inherit'])
      if (is[attribute] === 'true' && was?.[attribute] !== 'true' && !(attribute === 'inherit' && !was))
        out.push(reason('role-attribute', `role ${name}`, `${attribute}: ${was?.[attribute] ?? 'no such role'} → true`))
  }
  for (const name of before.roles.keys())
    if (!after.roles.has(name)) out.push(reason('role-lost', `role ${name}`, 'there → dropped'))
  for (const member of after.members)
    if (!before.members.has(member)) {
      // Whoever makes a role becomes its member.
      if (!member.startsWith('postgres in ')) out.push(reason('role-membership', member, 'not a member → a member'))
    }
  for (const [key, is] of after.settings) {
    const was = before.settings.get(key)
    if (was === is || isTighter(key, was, is)) continue
    out.push(reason('setting', key, `${was ?? 'default'} → ${is}`))
  }
  for (const [key, was] of before.settings)
    if (!after.settings.has(key)) out.push(reason('setting', key, `${was} → default`))
  return out
}

/** A shorter time for a statement protects; every other setting may do anything. */
function isTighter(key: string, was: string | undefined, is: string): boolean {
  if (
    !/ (statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout|idle_session_timeout)$/.test(
      key,
    )
  )
    return false
  const [from, to] = [milliseconds(was), milliseconds(is)]
  return to > 0 && (was === undefined || from === 0 || to <= from)
}

function milliseconds(value: string | undefined): number {
  const match = /^'?(\d+)\s*(ms|s|min|h|d)?'?$/.exec(value?.trim() ?? '')
  return match
    ? Number(match[1]) * ({ ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] ?? 'ms'] ?? 1)
    : 0
}

/** Extensions that reach out of the database or into the server's files. */
const DANGEROUS_EXTENSION =
  /^(http|pg_net|dblink|postgres_fdw|file_fdw|adminpack|wrappers|plpython3?u|plperlu|pltclu|plv8|pg_read_file|pg_tle|pgsodium)$/

function compareServices(before: Snapshot, after: Snapshot): GateReason[] {
  const out: GateReason[] = []
  for (const [name, schema] of after.extensions) {
    const was = before.extensions.get(name)
    if (was === schema) continue
    if (schema === 'public')
      out.push(reason('extension', `extension ${name}`, `${was ?? 'not installed'} → in schema public`))
    else if (was === undefined && DANGEROUS_EXTENSION.test(name))
      out.push(reason('extension', `extension ${name}`, 'not installed → installed: it reaches out of the database'))
  }
  for (const name of before.extensions.keys())
    if (!after.extensions.has(name)) out.push(reason('data-loss', `extension ${name}`, 'installed → dropped'))
  for (const [name, is] of after.buckets) {
    const was = before.buckets.get(name)
    if (is.public && !was?.public)
      out.push(reason('bucket-public', `bucket ${name}`, `${was ? 'private' : 'nothing'} → public`))
    if (was?.limit && (!is.limit || Number(is.limit) > Number(was.limit)))
      out.push(reason('bucket-limit', `bucket ${name}`, `file_size_limit ${was.limit} → ${is.limit ?? 'none'}`))
    if (was?.types && was.types !== is.types && !isSubset(is.types, was.types))
      out.push(reason('bucket-limit', `bucket ${name}`, `allowed_mime_types ${was.types} → ${is.types ?? 'all'}`))
  }
  for (const name of before.buckets.keys())
    if (!after.buckets.has(name)) out.push(reason('data-loss', `bucket ${name}`, 'there → deleted'))
  for (const [name, was] of before.cronJobs)
    if (after.cronJobs.get(name) !== was)
      out.push(reason('job-changed', `cron job ${name}`, `${was} → ${after.cronJobs.get(name) ?? 'unscheduled'}`))
  for (const [name, tables] of after.publications) {
    const more = tables.filter(table => !before.publications.get(name)?.includes(table))
    if (more.length > 0) out.push(reason('publication', `publication ${name}`, `+ ${more.join(', ')}`))
  }
  for (const [name, tables] of before.publications) {
    const gone = tables.filter(table => !after.publications.get(name)?.includes(table) && after.relations.has(table))
    if (gone.length > 0 || !after.publications.has(name))
      out.push(reason('realtime-lost', `publication ${name}`, `${gone.join(', ') || 'there'} → not published`))
  }
  for (const [name, is] of after.others)
    if (before.others.get(name) !== is)
      out.push(reason('unusual-object', name, `${before.others.get(name) ?? 'nothing'} → ${brief(is)}`))
  for (const [name, was] of before.others)
    if (!after.others.has(name)) out.push(reason('unusual-object', name, `${brief(was)} → dropped`))
  return out
}

function isSubset(a: string | null, b: string): boolean {
  const items = (text: string) => text.replace(/^\{|\}$/g, '').split(',')
  return a !== null && items(a).every(item => items(b).includes(item))
}

export function brief(text: string, limit = 160): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
