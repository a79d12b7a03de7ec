import type { AppModel } from '../code/model.ts'
import type { Shadow } from '../schema/shadow/index.ts'
import { type CatalogTable, readTables, tableKey } from './catalog.ts'
import { condense, textOf } from './condense.ts'
import type { AccessPlan, PlanModel, PlannedTable, Proposal, TargetRows } from './model.ts'
import { makeProposals, tryProposals } from './proposals.ts'
import { type BuiltQuery, buildQuery } from './query/build.ts'
import { type Filled, fill } from './seed/fill.ts'
import type { Recipes } from './seed/recipe.ts'
import { type Copy, execute, explain, openCopy, SETTINGS, undone } from './session.ts'
import { canGrow, growToSize } from './sparse.ts'
import { createValues, typicalUser } from './values.ts'

export interface PlanOptions {
  shadow: Shadow
  code: AppModel
  /** Rows at the target by "schema.table". */
  rows: ReadonlyMap<string, TargetRows>
  proposals: readonly Proposal[]
  /** Runs the queries as well, on at most so many rows a table, for as long as there is time. */
  execute?: { rows: number; seconds: number }
  signal?: AbortSignal
  onStep?: (text: string) => void
}

/** Rows of the sample that statistics are taken from; with 2000 the costs are those of the whole within a few per cent (bench). */
const SAMPLE_ROWS = 2000

/** Longest run of one query on seeded rows; what is not done by then will not be done in time for a page either. */
const EXECUTION_TIMEOUT_MS = 5000

/**
 * Plans every data access at the size of the target, in copies of the shadow database that are dropped afterwards, and tries
 * the proposals there.
 */
export async function planAccesses(options: PlanOptions): Promise<PlanModel> {
  const { shadow, signal, onStep } = options
  const timings: Record<string, number> = {}
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted()
    onStep?.(name)
    const started = performance.now()
    const result = await run()
    timings[name] = Math.round(performance.now() - started)
    return result
  }
  const copy = await timed('copying', () => openCopy(shadow, COPY_NAME))
  try {
    const prepared = await timed('filling', () => prepare(copy, options, SAMPLE_ROWS))
    const made = await makeProposals(copy, options.proposals)
    if (canGrow()) await timed('growing', () => growToSize(copy.admin, prepared.filled, prepared.recipes))
    const queries = await buildAll(copy, options.code, prepared)
    const accesses = await timed('planning', () => planAll(copy, queries, prepared, signal))
    const proposals = await timed('proposals', () =>
      tryProposals(copy, made, { accesses, queries: prepared.built, rowsOf: prepared.rowsOf }),
    )
    const model: PlanModel = {
      method: 'statistics',
      postgres: shadow.major,
      settings: SETTINGS,
      tables: prepared.filled.map(table => plannedTable(table, options.rows)),
      accesses,
      proposals,
      notes: [...prepared.notes, ...made.notes],
      timings,
    }
    if (options.execute) await timed('executing', () => executeAll(options, model))
    return model
  } finally {
    await copy.close()
  }
}

const COPY_NAME = 'plans_by_statistics'
const ROWS_NAME = 'plans_by_rows'

export interface Prepared {
  tables: ReadonlyMap<string, CatalogTable>
  views: ReadonlySet<string>
  filled: Filled[]
  recipes: Recipes
  rowsOf: (table: string) => number
  built: Map<AccessPlan, BuiltQuery>
  notes: string[]
}

/** Fills the tables that the app's accesses and the policies on them read. */
async function prepare(copy: Copy, options: PlanOptions, sample: number | undefined): Promise<Prepared> {
  const { code, shadow, execute: limits, signal } = options
  const tables = await readTables(copy.owner)
  const views = new Set(shadow.schema.tables.filter(t => t.kind !== 'table').map(tableKey))
  const cap = sample === undefined ? limits?.rows : undefined
  const rows = new Map<string, number>()
  for (const key of usedTables(code, options)) {
    const target = options.rows.get(key)
    if (target && tables.has(key)) rows.set(key, Math.min(target.rows, cap ?? target.rows))
  }
  const budgetMs = sample === undefined ? (limits?.seconds ?? 60) * 1000 : undefined
  const first = new Set(options.proposals.map(({ table }) => table))
  const { filled, recipes } = await fill(copy.owner, { rows, first, sample, signal, budgetMs })
  copy.user = await typicalUser(copy, recipes, tables)
  const sizes = new Map(filled.map(table => [table.name, table.rows]))
  const notes = filled.flatMap(({ schema, name, unseedable }) =>
    unseedable ? [`${schema}.${name} is empty: ${unseedable}`] : [],
  )
  return { tables, views, filled, recipes, rowsOf: name => sizes.get(name) ?? 0, built: new Map(), notes }
}

/** Tables that accesses name, that policies of those read, and the users. */
function usedTables(code: AppModel, { rows, shadow }: PlanOptions): string[] {
  const used = new Set<string>(['auth.users'])
  const words = new Set<string>()
  for (const access of code.accesses)
    for (const shape of access.shapes)
      for (const [word] of `${shape.table ?? ''} ${shape.columns ?? ''} ${shape.sql ?? ''}`.matchAll(/\w+/g))
        words.add(word)
  const named = (text: string): void => {
    for (const [word] of text.matchAll(/\w+/g)) words.add(word)
  }
  for (const { body } of shadow.schema.functions) if (body.length < 4000) named(body)
  for (const table of shadow.schema.tables)
    if (words.has(table.name))
      for (const policy of table.policies) named(`${policy.using ?? ''} ${policy.withCheck ?? ''}`)
  for (const key of rows.keys()) if (words.has(key.slice(key.indexOf('.') + 1))) used.add(key)
  return [...used]
}

interface Pending {
  plan: AccessPlan
  query: BuiltQuery | undefined
}

/** One query for each different shape of each access. */
async function buildAll(copy: Copy, code: AppModel, prepared: Prepared): Promise<Pending[]> {
  const context = { tables: prepared.tables, views: prepared.views, values: createValues(copy, prepared.recipes) }
  const pending: Pending[] = []
  for (const access of code.accesses) {
    const seen = new Set<string>()
    for (const [index, shape] of access.shapes.entries()) {
      const built = await buildQuery(shape, context)
      const plan: AccessPlan = {
        access: access.id,
        shape: index,
        file: access.file,
        line: access.line,
        sql: 'skipped' in built ? '' : built.sql,
        role: 'skipped' in built ? 'postgres' : built.role,
        guesses: 'skipped' in built ? [] : built.guesses,
        verdict: null,
        cost: 0,
        rowsRead: 0,
        perRow: [],
        ...('skipped' in built ? { skipped: built.skipped } : {}),
      }
      const key = `${plan.role} ${plan.sql || plan.skipped}`
      if (seen.has(key)) continue
      seen.add(key)
      pending.push({ plan, query: 'skipped' in built ? undefined : built })
    }
  }
  return pending
}

async function planAll(
  copy: Copy,
  pending: readonly Pending[],
  { rowsOf, built }: Prepared,
  signal: AbortSignal | undefined,
): Promise<AccessPlan[]> {
  await undone(copy, async () => {
    for (const { plan, query } of pending) {
      signal?.throwIfAborted()
      if (!query) continue
      const raw = await explain(copy, query)
      if ('error' in raw) {
        plan.skipped = raw.error
        continue
      }
      Object.assign(plan, condense(raw, rowsOf))
      query.text = textOf(raw)
      built.set(plan, query)
    }
  })
  return pending.map(({ plan }) => plan)
}

function plannedTable(table: Filled, rows: ReadonlyMap<string, TargetRows>): PlannedTable {
  const target = rows.get(tableKey(table))
  return {
    schema: table.schema,
    name: table.name,
    rows: table.rows,
    present: table.present,
    executed: 0,
    source: table.kept ? 'seeded' : (target?.source ?? 'assumed'),
    why: table.kept ? 'the rows that the migrations insert' : (target?.why ?? ''),
    relaxed: table.relaxed,
    ...(table.unseedable ? { unseedable: table.unseedable } : {}),
  }
}

/** The second way: rows that are really there, and queries that are really run. */
async function executeAll(options: PlanOptions, model: PlanModel): Promise<void> {
  const copy = await openCopy(options.shadow, ROWS_NAME)
  const until = performance.now() + (options.execute?.seconds ?? 60) * 1000
  try {
    const prepared = await prepare(copy, options, undefined)
    model.notes.push(...prepared.notes)
    const present = new Map(prepared.filled.map(table => [tableKey(table), table.unseedable ? 0 : table.present]))
    for (const table of model.tables) table.executed = present.get(tableKey(table)) ?? 0
    const made = await makeProposals(copy, options.proposals)
    const queries = await buildAll(copy, options.code, prepared)
    const byShape = new Map(model.accesses.map(plan => [planKey(plan), plan]))
    await undone(copy, async () => {
      for (const { plan, query } of queries) {
        options.signal?.throwIfAborted()
        const target = byShape.get(planKey(plan))
        if (!query || query.generic || !target?.plan || performance.now() > until) continue
        if (query.tables.some(key => (present.get(key) ?? 0) === 0)) continue
        const run = await execute(copy, query, EXECUTION_TIMEOUT_MS, prepared.rowsOf)
        if ('error' in run) continue
        target.executed = run
        prepared.built.set(target, query)
      }
    })
    await tryProposals(copy, made, {
      accesses: model.accesses,
      queries: prepared.built,
      rowsOf: prepared.rowsOf,
      into: model.proposals,
      timeoutMs: EXECUTION_TIMEOUT_MS,
    })
  } finally {
    await copy.close()
  }
}

function planKey({ access, shape }: AccessPlan): string {
  return `${access} ${shape}`
}
