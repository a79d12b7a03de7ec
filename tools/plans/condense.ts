import type { PlanNode, PlanVerdict } from './model.ts'

/** What EXPLAIN (FORMAT JSON) prints, as far as it is read here. */
export interface RawPlan {
  'Node Type': string
  'Parent Relationship'?: string
  'Subplan Name'?: string
  Schema?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Recheck Cond'?: string
  'Hash Cond'?: string
  Filter?: string
  'Join Filter'?: string
  'Sort Key'?: string[]
  'Startup Cost': number
  'Total Cost': number
  'Plan Rows': number
  'Actual Rows'?: number
  'Actual Loops'?: number
  Plans?: RawPlan[]
}

export interface Condensed {
  plan: PlanNode
  cost: number
  rowsRead: number
  verdict: PlanVerdict
  perRow: string[]
}

/** What a plan does, without what it costs: two plans with the same text are the same. */
export function textOf(raw: RawPlan): string {
  return JSON.stringify(raw, (key, value: unknown) => (/Cost|Rows|Width/.test(key) ? undefined : value))
}

/** Below this a table is read faster than an index is looked at. */
const LARGE_ROWS = 10_000
/** A share of a large table above this is a scan of it, however it is reached. */
const LARGE_SHARE = 0.05

/** Nodes that take all of their input before they give their first row. */
const BLOCKING =
  /^(Sort|Aggregate|Hash|HashAggregate|Bitmap Heap Scan|BitmapAnd|BitmapOr|Materialize|WindowAgg|ModifyTable)$/

/** Shortens a plan to what decides about it. `rowsOf` gives the rows of a table by its name. */
export function condense(raw: RawPlan, rowsOf: (table: string) => number): Condensed {
  const found: Found = { reads: 0, scanned: false, indexed: false, perRow: new Set() }
  const plan = visit(raw, { share: 1, loops: 1, rowsOf, found })
  return {
    plan,
    cost: raw['Total Cost'],
    rowsRead: Math.round(found.reads),
    verdict: found.scanned ? 'scan' : found.indexed ? 'index' : 'bounded',
    perRow: [...found.perRow].sort(),
  }
}

interface Found {
  reads: number
  scanned: boolean
  indexed: boolean
  perRow: Set<string>
}

interface Around {
  /** Share of the node's rows that is fetched: a LIMIT above stops it early. */
  share: number
  loops: number
  rowsOf: (table: string) => number
  found: Found
}

function visit(raw: RawPlan, around: Around): PlanNode {
  const node: PlanNode = {
    type: raw['Node Type'],
    cost: raw['Total Cost'],
    rows: Math.round(raw['Plan Rows']),
    children: [],
  }
  if (raw['Relation Name']) node.table = raw['Relation Name']
  if (raw['Index Name']) node.index = raw['Index Name']
  const condition = raw['Index Cond'] ?? raw['Recheck Cond'] ?? raw['Hash Cond']
  if (condition) node.condition = shorten(condition)
  const filter = raw.Filter ?? raw['Join Filter']
  if (filter) node.filter = shorten(filter)
  if (raw['Sort Key']) node.sort = raw['Sort Key'].map(shorten).join(', ')
  if (raw['Parent Relationship'] === 'SubPlan') node.perRow = !raw['Subplan Name']?.startsWith('InitPlan')
  scan(raw, node, around)
  notePerRow(raw, around)
  node.children = children(raw, node, around)
  return node
}

function scan(raw: RawPlan, node: PlanNode, { share, loops, rowsOf, found }: Around): void {
  const table = raw['Relation Name']
  if (!table) return
  const all = rowsOf(table)
  const type = raw['Node Type']
  const whole = type === 'Seq Scan' || (/^Index (Only )?Scan$/.test(type) && !raw['Index Cond'])
  // An index condition has found `Plan Rows`, before the filter takes some away: at least those were read.
  const reads = (whole ? all : raw['Plan Rows']) * share * loops
  node.reads = Math.round(reads)
  found.reads += reads
  if (all < LARGE_ROWS) return
  if (reads >= LARGE_ROWS && reads >= all * LARGE_SHARE) found.scanned = true
  else if (!whole) found.indexed = true
}

/** Sub-selects and functions in a filter that depend on the row. */
function notePerRow(raw: RawPlan, { found }: Around): void {
  const filter = raw.Filter ?? ''
  for (const [, name] of filter.matchAll(/\b((?:auth|public|private|app|internal)\.?[a-z_]\w*)\(/g))
    if (name?.includes('.') || /^auth/.test(name ?? '')) found.perRow.add(`${name}()`)
  if (/current_setting\(/.test(filter)) found.perRow.add('current_setting()')
  if (/\(SubPlan \d+\)|hashed SubPlan/.test(filter)) {
    const plans = (raw.Plans ?? []).filter(p => p['Subplan Name']?.startsWith('SubPlan'))
    for (const plan of plans) if (!filter.includes(`hashed ${plan['Subplan Name']}`)) found.perRow.add('a sub-select')
  }
}

function children(raw: RawPlan, node: PlanNode, around: Around): PlanNode[] {
  const type = raw['Node Type']
  return (raw.Plans ?? []).map((child, index) => {
    const sub = child['Parent Relationship'] === 'SubPlan'
    const init = child['Subplan Name']?.startsWith('InitPlan') || child['Parent Relationship'] === 'InitPlan'
    let { share, loops } = around
    if (init) {
      share = 1
      loops = 1
    } else if (sub) {
      // A hashed sub-select is computed once and looked up in memory.
      loops *= isHashed(raw, child) ? 1 : Math.max(1, node.reads ?? node.rows)
      share = 1
    } else if (type === 'Limit') share *= fetched(raw, child)
    else if (BLOCKING.test(type)) share = 1
    else if (type === 'Nested Loop' && index === 1) {
      loops *= Math.max(1, (raw.Plans?.[0]?.['Plan Rows'] ?? 1) * share)
      share = 1
    }
    const seen = visit(child, { ...around, share, loops })
    if (isHashed(raw, child)) delete seen.perRow
    return seen
  })
}

function isHashed(raw: RawPlan, child: RawPlan): boolean {
  return `${raw.Filter ?? ''}${raw['Join Filter'] ?? ''}`.includes(`hashed ${child['Subplan Name']}`)
}

/** How far the planner thinks the child runs until the LIMIT has its rows. */
function fetched(limit: RawPlan, child: RawPlan): number {
  const whole = child['Total Cost'] - child['Startup Cost']
  const part = limit['Total Cost'] - child['Startup Cost']
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole))
}

function shorten(text: string): string {
  const short = text.replace(/::(text|uuid|character varying|bpchar|timestamp with time zone)(\[\])?/g, '')
  return short.length > 300 ? `${short.slice(0, 297)}…` : short
}
