import type { DatabaseRole } from './query/build.ts'

/**
 * What PostgreSQL's own planner makes of the app's queries with as many rows as the target has. Costs are the planner's units
 * and are compared with each other only; milliseconds are of real executions on seeded rows.
 */
export interface PlanModel {
  /** How the tables came to their size. */
  method: 'statistics' | 'rows'
  /** Major version of the planner, and what was set for it. */
  postgres: number
  settings: Record<string, string>
  tables: PlannedTable[]
  accesses: AccessPlan[]
  proposals: ProposalPlan[]
  /** Things worth a line: tables that could not be filled, proposals that could not be made. */
  notes: string[]
  /** Milliseconds by step, and of the server's rows. */
  timings: Record<string, number>
}

export interface PlannedTable {
  schema: string
  name: string
  /** Rows that it is planned with. */
  rows: number
  /** Rows that are really there. */
  present: number
  /** Rows that queries were executed on; 0 when none were. */
  executed: number
  source: RowSource
  /** Where the number comes from, in words. */
  why: string
  /** Constraints that were dropped because no simple value meets them. */
  relaxed: string[]
  unseedable?: string
}

export type RowSource = 'config' | 'live' | 'seeded' | 'assumed'

/** Rows of a table at the target. */
export interface TargetRows {
  rows: number
  source: RowSource
  why: string
}

/**
 * `scan`: reads a large share of a large table; `index`: reaches large tables by index; `bounded`: reads small tables or the
 * beginning of a large one.
 */
export type PlanVerdict = 'scan' | 'index' | 'bounded'

export interface AccessPlan {
  /** Id of the data access, and which of its shapes. */
  access: string
  shape: number
  file: string
  line: number
  sql: string
  role: DatabaseRole
  /** What the code leaves open and ordinary values stand for. */
  guesses: string[]
  verdict: PlanVerdict | null
  /** Total cost of the plan, planner's units. */
  cost: number
  /** Rows that all its scans read, estimated. */
  rowsRead: number
  plan?: PlanNode
  /** Expressions of row-level security that are evaluated once a row. */
  perRow: string[]
  executed?: Execution
  /** Why there is no plan. */
  skipped?: string
}

export interface Execution {
  ms: number
  /** Pages found in memory and read from files, 8 kB each. */
  pages: number
  rows: number
  /** It was ended at the statement timeout. */
  timedOut: boolean
  /** The plan that ran, of as many rows as were seeded. */
  plan?: PlanNode
}

export interface PlanNode {
  type: string
  table?: string
  index?: string
  condition?: string
  filter?: string
  sort?: string
  cost: number
  rows: number
  /** Rows that a scan reads before its filter, over all its loops; estimated. */
  reads?: number
  /** It runs once a row of what is around it. */
  perRow?: boolean
  children: PlanNode[]
}

/** A change of the schema that may pay: what it is, and which accesses it is for. */
export interface Proposal {
  id: string
  kind: 'index' | 'policy'
  /** "schema.table". */
  table: string
  /** Statements that make it, to be run by the owner: CREATE INDEX (not concurrently) or ALTER POLICY. */
  statements: string[]
  /** Ids of the accesses that it is for; those of the table when absent. */
  accesses?: string[]
}

export interface ProposalPlan {
  id: string
  kind: Proposal['kind']
  table: string
  statements: string[]
  /** The queries whose plan it changes, most gained first. */
  queries: ProposalQuery[]
  verdict: 'pays' | 'does-not-pay' | 'not-tried'
  /** In words, with the numbers. */
  reason: string
}

export interface ProposalQuery {
  access: string
  shape: number
  sql: string
  role: DatabaseRole
  before: { cost: number; verdict: PlanVerdict | null; rowsRead: number; ms?: number }
  after: { cost: number; verdict: PlanVerdict | null; rowsRead: number; ms?: number }
}
