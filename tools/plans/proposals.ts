import { condense, textOf } from './condense.ts'
import type { AccessPlan, Proposal, ProposalPlan, ProposalQuery } from './model.ts'
import type { BuiltQuery } from './query/build.ts'
import { type Copy, execute, explain, undone } from './session.ts'

export interface Made {
  proposals: { proposal: Proposal; indexes: string[]; failed?: string }[]
  notes: string[]
}

/**
 * Builds every proposed index and hides it from the planner again (an index that is not valid is kept up to date and not
 * used), so that each can be shown and hidden for a moment, whatever the size of the table.
 */
export async function makeProposals(copy: Copy, proposals: readonly Proposal[]): Promise<Made> {
  const made: Made = { proposals: [], notes: [] }
  for (const proposal of proposals) {
    if (proposal.kind !== 'index') {
      made.proposals.push({ proposal, indexes: [] })
      continue
    }
    const before = await indexesOf(copy, proposal.table)
    try {
      for (const statement of proposal.statements) await copy.owner.query(statement)
      const indexes = (await indexesOf(copy, proposal.table)).filter(oid => !before.includes(oid))
      await show(copy, indexes, false)
      made.proposals.push({ proposal, indexes })
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error)
      made.proposals.push({ proposal, indexes: [], failed })
      made.notes.push(`${proposal.id}: ${failed}`)
    }
  }
  return made
}

async function indexesOf({ admin }: Copy, table: string): Promise<string[]> {
  const [schema, ...name] = table.split('.')
  const { rows } = await admin.query<{ oid: string }>(
    `select i.indexrelid::text as oid from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2`,
    [schema, name.join('.')],
  )
  return rows.map(({ oid }) => oid)
}

async function show({ admin }: Copy, indexes: readonly string[], shown: boolean): Promise<void> {
  if (indexes.length > 0)
    await admin.query('update pg_index set indisvalid = $2 where indexrelid = any ($1::oid[])', [indexes, shown])
}

export interface TryContext {
  accesses: readonly AccessPlan[]
  queries: ReadonlyMap<AccessPlan, BuiltQuery>
  rowsOf: (table: string) => number
  /** Results of the planning that executed times are added to. */
  into?: ProposalPlan[]
  timeoutMs?: number
}

/** A proposal pays when some query gains this share of its cost, and the query costs enough for it to matter. */
const LEAST_GAIN = 0.3
/** Planner's units; dexter leaves queries below it alone (ankane/dexter, indexer.rb). */
const LEAST_COST = 100
/** Milliseconds that are worth an index whatever their share. */
const LEAST_MS = 1
/** Two runs of the same query differ by as much. */
const NOISE = 0.1
const MOST_QUERIES = 8

export async function tryProposals(copy: Copy, { proposals }: Made, context: TryContext): Promise<ProposalPlan[]> {
  const results: ProposalPlan[] = []
  for (const { proposal, indexes, failed } of proposals) {
    const { id, kind, table, statements } = proposal
    const known = context.into?.find(plan => plan.id === id)
    const plan: ProposalPlan = known ?? {
      id,
      kind,
      table,
      statements,
      queries: [],
      verdict: 'not-tried',
      reason: failed ?? '',
    }
    results.push(plan)
    if (failed) continue
    try {
      if (known) await timeProposal(copy, { proposal, indexes }, plan, context)
      else plan.queries = await planProposal(copy, { proposal, indexes }, context)
      judge(plan, unplanned(proposal, context))
    } catch (error) {
      plan.reason = error instanceof Error ? error.message : String(error)
    }
  }
  return results
}

type One = { proposal: Proposal; indexes: string[] }

/** With the change in effect, for as long as `run` takes. */
async function changed<T>(copy: Copy, { proposal, indexes }: One, run: () => Promise<T>): Promise<T> {
  await show(copy, indexes, true)
  try {
    return await undone(copy, async () => {
      if (proposal.kind === 'policy') for (const statement of proposal.statements) await copy.owner.query(statement)
      return run()
    })
  } finally {
    await show(copy, indexes, false)
  }
}

async function planProposal(copy: Copy, one: One, context: TryContext): Promise<ProposalQuery[]> {
  const { proposal } = one
  const bare = proposal.table.slice(proposal.table.indexOf('.') + 1)
  const touched = context.accesses.filter(plan => context.queries.has(plan) && mentions(plan, proposal, bare))
  return changed(copy, one, async () => {
    const queries: ProposalQuery[] = []
    for (const plan of touched) {
      const query = context.queries.get(plan)!
      const raw = await explain(copy, query)
      if ('error' in raw) continue
      const after = textOf(raw)
      const { cost, verdict, rowsRead } = condense(raw, context.rowsOf)
      // A policy may gain in time what the planner does not see in its cost; the text of its filter tells that it is in use.
      if (proposal.kind === 'index' ? Math.abs(cost - plan.cost) < 0.01 * plan.cost : after === query.text) continue
      queries.push({
        access: plan.access,
        shape: plan.shape,
        sql: plan.sql,
        role: plan.role,
        before: { cost: plan.cost, verdict: plan.verdict, rowsRead: plan.rowsRead },
        after: { cost, verdict, rowsRead },
      })
    }
    return queries.sort((a, b) => gained(b) - gained(a)).slice(0, MOST_QUERIES)
  })
}

/** Its plan touches the table, directly or in a policy. */
function mentions(plan: AccessPlan, { accesses, kind }: Proposal, table: string): boolean {
  if (kind === 'index' && accesses?.includes(plan.access)) return true
  return plan.plan !== undefined && JSON.stringify(plan.plan).includes(`"table":${JSON.stringify(table)}`)
}

/** Queries of a proposal that are run, and how often: before and after in turn, so that both meet the same machine. */
const TIMED_QUERIES = 3
const ROUNDS = 3

async function timeProposal(copy: Copy, one: One, result: ProposalPlan, context: TryContext): Promise<void> {
  const timeout = context.timeoutMs ?? 5000
  const timed = result.queries.flatMap(query => {
    const plan = context.accesses.find(({ access, shape }) => access === query.access && shape === query.shape)
    const built = plan?.executed && context.queries.get(plan)
    return built ? [{ query, built }] : []
  })
  for (const { query, built } of timed.slice(0, TIMED_QUERIES)) {
    for (let round = 0; round < ROUNDS; round++) {
      const before = await undone(copy, () => execute(copy, built, timeout, context.rowsOf))
      const after = await changed(copy, one, () => execute(copy, built, timeout, context.rowsOf))
      if ('error' in before || 'error' in after) break
      query.before.ms = Math.min(query.before.ms ?? Number.POSITIVE_INFINITY, before.ms)
      query.after.ms = Math.min(query.after.ms ?? Number.POSITIVE_INFINITY, after.ms)
      if (before.ms > 1000) break
    }
  }
}

function gained({ before, after }: ProposalQuery): number {
  return before.cost - after.cost
}

/** Why a query that the proposal is for has no plan: without it nothing is refuted. */
function unplanned({ accesses }: Proposal, context: TryContext): string | undefined {
  for (const id of accesses ?? []) {
    const plans = context.accesses.filter(({ access }) => access === id)
    if (!plans.some(({ plan }) => plan)) return plans[0]?.skipped ?? 'it was not planned'
  }
  return undefined
}

function judge(plan: ProposalPlan, why: string | undefined): void {
  const paying = plan.queries.filter(pays)
  const best = paying[0] ?? plan.queries[0]
  const ran = plan.queries.some(({ after }) => after.ms !== undefined)
  if (plan.kind === 'policy' && (!best || (!ran && paying.length === 0))) {
    plan.reason = best
      ? 'the planner does not price what a policy calls once a row: only running the queries tells'
      : 'no query that was planned evaluates it'
    return
  }
  if (paying.length === 0 && why !== undefined) {
    plan.reason = `a query that it is for has no plan: ${why}`
    return
  }
  plan.verdict = paying.length > 0 ? 'pays' : 'does-not-pay'
  plan.reason = best ? sentence(best) : 'no plan uses it'
}

function pays({ before, after }: ProposalQuery): boolean {
  if (before.cost < LEAST_COST) return false
  const cost = (before.cost - after.cost) / before.cost
  if (before.ms === undefined || after.ms === undefined) return cost >= LEAST_GAIN
  const gain = before.ms - after.ms
  const share = gain / before.ms
  return share >= LEAST_GAIN || (gain >= LEAST_MS && share >= NOISE)
}

function sentence({ before, after }: ProposalQuery): string {
  const cost = `cost ${number(before.cost)} → ${number(after.cost)}`
  if (before.ms === undefined || after.ms === undefined) return cost
  return `${cost}, ${before.ms.toFixed(1)} → ${after.ms.toFixed(1)} ms`
}

function number(value: number): string {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')
}
