import type { Client } from 'pg'
import type { Shadow } from '../schema/shadow/index.ts'
import { createWatchdog, type Watchdog } from '../schema/shadow/watchdog.ts'
import { condense, type RawPlan } from './condense.ts'
import type { Execution } from './model.ts'
import type { BuiltQuery, DatabaseRole } from './query/build.ts'

/**
 * A copy of the replayed database to fill and to plan in. Everything that can run code of the repository (checks, policies,
 * functions, its own SQL) runs as the owner, who is no superuser; the superuser touches catalogs only, with nothing but
 * pg_catalog in its path.
 */
export interface Copy {
  name: string
  owner: Client
  admin: Client
  /** Whoever asks, for row-level security. */
  user: string
  watchdog: Watchdog
  close(): Promise<void>
}

/**
 * Settings of a Supabase database that planning depends on, where they differ from PostgreSQL's own; one process per query,
 * because under load the others are busy.
 */
export const SETTINGS: Record<string, string> = {
  random_page_cost: '1.1',
  effective_cache_size: '384MB',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  synchronize_seqscans: 'off',
}

const LIMITS = { milliseconds: 120_000, memory: 2 * 1024 ** 3, disk: 64 * 1024 ** 3 }

/** The superuser's connection to a copy. From then on its owner may switch triggers off, as in a Supabase project (supautils). */
export async function openAdmin(shadow: Shadow, database: string): Promise<Client> {
  const admin = await shadow.connect({ superuser: true, database })
  await admin.query('set search_path = pg_catalog')
  if (shadow.major >= 15) await admin.query('grant set on parameter session_replication_role to postgres')
  return admin
}

export async function openCopy(shadow: Shadow, name: string): Promise<Copy> {
  await shadow.drop(name)
  await shadow.clone(name)
  const admin = await openAdmin(shadow, name)
  const owner = await shadow.connect({ database: name })
  for (const [setting, value] of Object.entries(SETTINGS)) await owner.query(`set ${setting} = '${value}'`)
  const { rows } = await owner.query<{ pid: number }>('select pg_backend_pid() as pid')
  const watchdog = createWatchdog(admin, rows[0]?.pid ?? 0, LIMITS)
  const close = async (): Promise<void> => {
    await owner.end().catch(() => {})
    await admin.end().catch(() => {})
    await shadow.drop(name).catch(() => {})
  }
  return { name, owner, admin, user: '', watchdog, close }
}

/** Longest time that planning one query may take. */
const PLANNING_TIMEOUT_MS = 5000

/** Plans a query as its role. @returns the plan, or PostgreSQL's message. */
export async function explain(copy: Copy, query: BuiltQuery): Promise<RawPlan | { error: string }> {
  const options = query.generic ? 'generic_plan, format json' : 'format json'
  const run = await asRole(copy, query.role, PLANNING_TIMEOUT_MS, () =>
    explained(copy, `explain (${options}) ${query.sql}`),
  )
  return 'error' in run ? run : run.Plan
}

/** Runs a query as its role and undoes what it did. Short ones are run again, with everything in memory. */
export async function execute(
  copy: Copy,
  query: BuiltQuery,
  timeoutMs: number,
  rowsOf: (table: string) => number,
): Promise<Execution | { error: string }> {
  const text = `explain (analyze, buffers, timing off, format json) ${query.sql}`
  let best: Execution | undefined
  for (let round = 0; round < 2; round++) {
    const run = await asRole(copy, query.role, timeoutMs, () => explained(copy, text))
    if ('error' in run) {
      if (run.code === '57014') return { ms: timeoutMs, pages: 0, rows: 0, timedOut: true }
      return best ?? run
    }
    const { Plan: plan, 'Execution Time': ms = 0 } = run
    const counts = plan as RawPlan & { 'Shared Hit Blocks'?: number; 'Shared Read Blocks'?: number }
    const pages = (counts['Shared Hit Blocks'] ?? 0) + (counts['Shared Read Blocks'] ?? 0)
    if (!best || ms < best.ms)
      best = { ms, pages, rows: plan['Actual Rows'] ?? 0, timedOut: false, plan: condense(plan, rowsOf).plan }
    if (ms > 500) break
  }
  return best ?? { error: 'not run' }
}

interface Explained {
  Plan: RawPlan
  'Execution Time'?: number
}

async function explained({ owner }: Copy, text: string): Promise<Explained> {
  const { rows } = await owner.query<{ 'QUERY PLAN': Explained[] }>(text)
  const plan = rows[0]?.['QUERY PLAN'][0]
  if (!plan) throw new Error('no plan')
  return plan
}

type Failure = { error: string; code?: string }

/** Inside a transaction (a savepoint when one is open already) that is undone, as PostgREST would ask: role and claims are local. */
async function asRole<T>(
  copy: Copy,
  role: DatabaseRole,
  timeoutMs: number,
  run: () => Promise<T>,
): Promise<T | Failure> {
  const { owner, user, watchdog } = copy
  const claims = JSON.stringify({
    sub: user,
    role,
    aud: role,
    email: 'user@example.com',
    app_metadata: {},
    user_metadata: {},
  })
  const guarded = watchdog.guard(
    (async () => {
      await owner.query(
        `savepoint planned; set local statement_timeout = ${timeoutMs}; select set_config('request.jwt.claims', ${owner.escapeLiteral(role === 'anon' ? '{"role":"anon"}' : claims)}, true); set local role ${role}`,
      )
      return run()
    })(),
  )
  try {
    return (await guarded).value
  } catch (error) {
    const { message, code } = error as { message: string; code?: string }
    return { error: message, ...(code ? { code } : {}) }
  } finally {
    // Roles and settings that were set inside go with it.
    await owner.query('rollback to savepoint planned; release savepoint planned').catch(() => {})
  }
}

/** Runs work in a transaction that is undone: what it changes is seen by it alone. */
export async function undone<T>({ owner }: Copy, run: () => Promise<T>): Promise<T> {
  await owner.query('begin')
  try {
    return await run()
  } finally {
    await owner.query('rollback').catch(() => {})
  }
}
