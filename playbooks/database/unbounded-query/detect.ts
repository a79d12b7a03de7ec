import type { AccessDraft, AppModel, DataAccess } from '../../../tools/code/model.ts'
import type { SchemaTable } from '../../../tools/schema/model.ts'
import { boundOfShape, type Keys, uniqueKeys } from '../../bounds.ts'
import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import {
  at,
  hasOwnerColumn,
  isBroadParent,
  isOwnerColumn,
  isReferenceTable,
  isTenantColumn,
  isWrittenByApp,
  objectName,
  tableOf,
} from '../../shared.ts'

/** Who belongs to what: a person's memberships and a team's members are few. */
const MEMBERSHIP = /(^|_)(members?|memberships?|roles?|permissions?|collaborators?)$/i

/** Reads of several rows that nothing limits, on tables that grow with use. */
export function detect(input: DetectInput): DetectedFinding[] {
  const { code, schema } = input
  const drafts = new Map<number, AccessDraft>(code.accesses.flatMap(a => a.shapes.map(s => [s.id, s] as const)))
  const found: DetectedFinding[] = []
  for (const access of code.accesses) {
    if (access.operation !== 'select' || access.table === null) continue
    const keys = uniqueKeys(access, schema)
    if (isReferenceTable(input, access)) continue
    const open = access.shapes.flatMap(shape => {
      const bound = boundOfShape(shape, keys)
      const unbounded =
        bound === 'none' ||
        (bound === 'unknown' && readsWhole(shape) && !mayBeKeyed(shape, keys)) ||
        wideList(shape, keys, drafts, code, schema)
      if (!unbounded || shape.paged || isWindow(shape) || keyedByLookup(code, access, shape)) return []
      if (MEMBERSHIP.test(access.table ?? '') && shape.filters.some(f => f.op === 'eq')) return []
      const growth = growthOf(shape, access, input, drafts)
      return growth ? [{ shape, growth }] : []
    })
    // A filter that is sometimes left out does not count: the widest way in which it runs is what is said.
    const widest = open.find(o => o.growth.whole) ?? open[0]
    const children = childrenOf(access, input)
    if (!widest) {
      const [first] = children
      if (first) found.push(embedded(access, first, children))
      continue
    }
    const { shape, growth } = widest
    found.push({
      title: `${objectName(access)} is read without a limit: ${growth.text}`,
      location: at(access.file, access.line, access.endLine),
      routes: access.routes,
      evidence: [
        {
          text: `${describe(shape)} has no limit or unique key; ${shape.client === 'supabase-js' ? 'the Data API stops at 1,000 rows without an error' : 'every row is sent and held in memory'}`,
          location: at(access.file, access.line),
        },
        ...children.map(c => ({ text: childText(c) })),
        ...(shape.order.length ? [{ text: 'order() sorts the rows and bounds nothing' }] : []),
      ],
      object: `${access.table} select`,
      severity: !growth.whole ? 'medium' : isWrittenByApp(code, access.table) ? 'high' : 'low',
      confidence: growth.sure ? 'high' : 'medium',
    })
  }
  return onePerPlace(found)
}

interface Child {
  child: string
  parent: string
}

/**
 * Embedded tables of which each row brings all that point at it, and to which users keep adding. Only where a foreign key proves the
 * direction: a row that points at one other brings just that one.
 */
function childrenOf(access: DataAccess, input: DetectInput): Child[] {
  const { schema } = input
  const open = access.shapes.flatMap(s =>
    s.op !== 'select' || s.head || (s.client === 'supabase-js' && s.columns === null)
      ? []
      : s.embeds.flatMap(e => {
          const parent = tableOf(schema, { table: e.within ?? s.table, schema: s.schema })
          const child = tableOf(schema, { table: e.table, schema: s.schema })
          if (!parent || !child || e.limited || e.counted || child.kind !== 'table') return []
          const narrowed = s.filters.some(f => f.op === 'eq' && f.column?.startsWith(`${e.alias ?? e.table}.`))
          if (narrowed || !isToMany(parent, child, e.hint)) return []
          if (MEMBERSHIP.test(child.name) || isReferenceTable(input, { table: child.name, schema: child.schema }))
            return []
          return hasOwnerColumn(child) && isAddedTo(child, input) ? [{ child: child.name, parent: parent.name }] : []
        }),
  )
  return open.filter((c, i) => open.findIndex(o => o.child === c.child && o.parent === c.parent) === i)
}

/** ORMs call a table by the name of its model. */
function isAddedTo(table: SchemaTable, { code, schema }: DetectInput): boolean {
  return (
    isWrittenByApp(code, table.name) ||
    code.accesses.some(a => /^(in|up)sert$/.test(a.operation) && tableOf(schema, a) === table)
  )
}

/** The child points at the parent by a key of its own that may repeat, and not the other way round. */
function isToMany(parent: SchemaTable, child: SchemaTable, hint: string | undefined): boolean {
  const points = (from: SchemaTable, to: SchemaTable) =>
    from.foreignKeys.filter(f => f.table === to.name && f.schema === to.schema)
  const named = (f: SchemaTable['foreignKeys'][number]) => f.name === hint || f.columns.join() === hint
  const down = points(child, parent).filter(f => hint === undefined || named(f))
  const up = points(parent, child).filter(f => hint === undefined || named(f))
  if (down.length === 0 || up.length > 0 || parent === child) return false
  return down.every(f => !child.uniqueKeys.some(k => k.every(c => f.columns.includes(c))))
}

function childText({ child, parent }: Child): string {
  return `each row of \`${parent}\` brings all its \`${child}\`, to which users keep adding`
}

function embedded(access: DataAccess, { child, parent }: Child, children: readonly Child[]): DetectedFinding {
  return {
    title: `${objectName(access)} is read with all \`${child}\` of each \`${parent}\` row, without a limit on them`,
    location: at(access.file, access.line, access.endLine),
    routes: access.routes,
    evidence: [
      ...children.map(c => ({ text: childText(c) })),
      { text: "limit() bounds the rows of the table itself; those inside need limit(n, { referencedTable: '…' })" },
    ],
    object: `${access.table} embeds ${child}`,
    severity: 'medium',
    confidence: 'medium',
  }
}

/** A query whose table is chosen at run time is one place to change. */
function onePerPlace(found: readonly DetectedFinding[]): DetectedFinding[] {
  const places = new Map<string, DetectedFinding[]>()
  for (const f of found) {
    const key = `${f.location.file}:${f.location.line}`
    places.set(key, [...(places.get(key) ?? []), f])
  }
  return [...places.values()].map(([first, ...rest]) => {
    const f = first as DetectedFinding
    return rest.length ? { ...f, evidence: [...f.evidence, ...rest.map(r => ({ text: `also: ${r.title}` }))] } : f
  })
}

/** A list of values bounds nothing when the list itself comes from a read without a limit. */
function wideList(
  s: AccessDraft,
  keys: Keys,
  drafts: Map<number, AccessDraft>,
  code: AppModel,
  schema: DetectInput['schema'],
): boolean {
  if (boundOfShape(s, keys) !== 'bounded-list') return false
  return s.filters.some(f => f.op === 'in' && f.meta?.rows?.some(id => isOpen(drafts.get(id), code, schema)))
}

function isOpen(d: AccessDraft | undefined, code: AppModel, schema: DetectInput['schema']): boolean {
  if (d?.op !== 'select') return false
  if (MEMBERSHIP.test(d.table ?? '') && d.filters.some(f => f.op === 'eq')) return false
  const access = code.accesses.find(a => a.shapes.includes(d))
  const bound = access ? boundOfShape(d, uniqueKeys(access, schema)) : undefined
  return bound === 'none' || bound === 'unknown'
}

/** Filters whose column is not known, yet that a single row cannot come from: or(), text search, ranges. */
function readsWhole(s: AccessDraft): boolean {
  return (
    s.filters.every(f => f.column !== null || f.op === 'or' || f.op === 'sql') && !s.filters.some(f => f.op === 'where')
  )
}

/** Equality with a column that is a key more often than not, where no schema says. */
function mayBeKeyed(s: AccessDraft, { likely }: Keys): boolean {
  return s.filters.some(f => f.column !== null && likely.includes(f.column) && (f.op === 'eq' || f.op === 'in'))
}

/** Elsewhere the same columns are read as one row: the app itself treats them as a key. */
function keyedByLookup(code: AppModel, access: DataAccess, shape: AccessDraft): boolean {
  const columns = equalColumns(shape)
  if (columns.length === 0) return false
  const key = columns.join()
  return code.accesses.some(
    a =>
      a.table === access.table &&
      a.shapes.some(s => s.single !== undefined && s.limit === undefined && equalColumns(s).join() === key),
  )
}

function equalColumns(s: AccessDraft): string[] {
  return s.filters.flatMap(f => (f.op === 'eq' && f.column !== null ? [f.column] : [])).sort()
}

interface Growth {
  text: string
  whole: boolean
  sure: boolean
}

/** Why the rows become many; undefined when they are the details of one parent, which stay few. */
function growthOf(
  s: AccessDraft,
  access: DataAccess,
  input: DetectInput,
  drafts: Map<number, AccessDraft>,
): Growth | undefined {
  const table = tableOf(input.schema, access)
  const equal = s.filters.filter(f => (f.op === 'eq' || f.op === 'is' || f.op === 'match') && f.column !== null)
  const selective = equal.filter(f => !f.constant)
  const owner = selective.find(
    f =>
      isOwnerColumn(f.column, table) || (f.meta?.auth && !f.meta.rows && f.column !== null && /_?id$/i.test(f.column)),
  )
  if (owner)
    return {
      text: `every row of one \`${owner.column}\`, which grows for as long as they use the app`,
      whole: false,
      sure: true,
    }
  const tenant = selective.find(f => isTenantColumn(f.column))
  if (tenant && selective.length === 1)
    return { text: `every row of one \`${tenant.column}\``, whole: false, sure: false }
  const lists = s.filters.filter(f => f.op === 'in' && f.column !== null)
  for (const list of lists) {
    if (list.constant || (list.listLength !== undefined && list.listLength <= 500)) {
      if (isOwnerColumn(list.column, table) || selective.length === 0) continue
      return undefined
    }
    const open = list.meta?.rows?.some(id => isOpen(drafts.get(id), input.code, input.schema))
    if (open) return { text: `for a list of \`${list.column}\` that has no limit either`, whole: false, sure: true }
    // Children of a page of parents: bounded by the page unless the children themselves are what users add.
    if (list.meta?.rows?.length)
      return hasOwnerColumn(table)
        ? { text: `all rows for each \`${list.column}\` of a list`, whole: false, sure: false }
        : undefined
    return hasOwnerColumn(table) === false
      ? undefined
      : { text: `all rows for a list of \`${list.column}\` of unknown length`, whole: false, sure: false }
  }
  if (selective.some(f => (f.relation || isParent(f.column)) && !isBroadParent(input, table, f.column))) {
    // Details of one parent stay few; what several users add to one parent does not.
    return hasOwnerColumn(table) || overTime(s)
      ? {
          text: `all rows of one \`${selective.find(f => f.relation || isParent(f.column))?.column}\`, to which users keep adding`,
          whole: false,
          sure: false,
        }
      : undefined
  }
  if (s.filters.some(f => f.op === 'or') && s.raw?.meta?.auth)
    return {
      text: 'every row that belongs to the caller, which grows for as long as they use the app',
      whole: false,
      sure: true,
    }
  if (selective.length) return { text: `filtered by \`${selective[0]?.column}\` only`, whole: false, sure: false }
  return {
    text: s.filters.length
      ? 'the filters narrow it, the number of rows still grows with the table'
      : access.role === 'user'
        ? 'all rows that the policies let through'
        : 'the whole table',
    whole: true,
    sure: true,
  }
}

/** Bounded on both sides by values of the code: one day, one slot, one month. */
function isWindow(s: AccessDraft): boolean {
  const side = (ops: readonly string[]) => s.filters.filter(f => ops.includes(f.op) && f.column !== null)
  const [lower, upper] = [side(['gt', 'gte']), side(['lt', 'lte'])]
  return lower.length > 0 && upper.length > 0 && ![...lower, ...upper].some(f => f.meta?.inp?.length)
}

/** A period of an event log: what happens keeps being added. */
function overTime(s: AccessDraft): boolean {
  return s.filters.some(
    f =>
      (f.op === 'gte' || f.op === 'gt') &&
      f.column !== null &&
      /(_at|At|_?date|_?time|timestamp|_?day)$/.test(f.column),
  )
}

function isParent(column: string | null): boolean {
  return column !== null && /(_id|Id|_uuid|_slug|_key)$/.test(column)
}

function describe(s: AccessDraft): string {
  const filters = s.filters.map(f => (f.column ? `${f.op}(${f.column})` : f.op))
  return `\`${s.table}\`${filters.length ? ` with ${filters.join(', ')}` : ' with no filter'}`
}
