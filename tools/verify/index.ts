import type { Client } from 'pg'
import { fill } from '../plans/seed/fill.ts'
import { openAdmin } from '../plans/session.ts'
import { openShadow, type Shadow } from '../schema/shadow/index.ts'
import type { Change } from '../workspace/change.ts'
import { makeContexts, probedTables, ROWS_PER_TABLE, USERS } from './contexts.ts'
import { probe } from './matrix.ts'
import { proveMigrations, run } from './migrations.ts'
import type { ProofCheck } from './proof.ts'
import { type Baseline, compareVisibility, mutate } from './visibility.ts'

export interface VerifierOptions {
  /** Absolute path of a pristine copy of the audited folder. */
  root: string
  /** Posix paths of its files. */
  files: string[]
  /** Folder for warm templates. */
  cache?: string
  signal?: AbortSignal
  onStep?: (text: string) => void
}

/** Proves what changes to the database do, in private copies of it. One for all changes of a run. */
export interface Verifier {
  verify(change: Change): Promise<ProofCheck[]>
  close(): Promise<void>
}

/** Opens nothing until the first change with a migration comes. */
export function createVerifier(options: VerifierOptions): Verifier {
  let opening: Promise<Shadow | { skipped: string }> | undefined
  let baseline: Promise<Baseline> | undefined
  const open = (): Promise<Shadow | { skipped: string }> => {
    opening ??= openShadow(options)
    return opening
  }
  return {
    async verify(change) {
      if (change.migrations.length === 0) {
        const summary = 'the change has no migration: the database stays as it is'
        return [
          { name: 'migrations', status: 'skipped', summary },
          { name: 'visibility', status: 'skipped', summary },
        ]
      }
      const shadow = await open()
      if ('skipped' in shadow) {
        return [
          { name: 'migrations', status: 'skipped', summary: shadow.skipped },
          { name: 'visibility', status: 'skipped', summary: shadow.skipped },
        ]
      }
      options.onStep?.('up, down and up again')
      const migrations = await inCopy(shadow, 'verify_migrations', client => proveMigrations(client, change))
      if (migrations.status === 'failed') return [migrations]
      options.onStep?.('who sees what')
      baseline ??= makeBaseline(shadow, options)
      const before = await baseline
      const visibility = await inCopy(
        shadow,
        'verify_after',
        client => visibilityAfter(client, change, before, options),
        {
          of: FILLED,
        },
      )
      return [migrations, visibility]
    },
    async close() {
      const shadow = await opening?.catch(() => undefined)
      if (shadow && 'stop' in shadow) await shadow.stop()
    },
  }
}

const FILLED = 'verify_filled'

async function visibilityAfter(
  client: Client,
  change: Change,
  before: Baseline,
  { signal }: VerifierOptions,
): Promise<ProofCheck> {
  try {
    await run(client, change, 'up')
    return compareVisibility(before, await probe(client, before.tables, before.contexts, { signal }))
  } catch (error) {
    signal?.throwIfAborted()
    const summary = `the migration does not run on filled tables: ${error instanceof Error ? error.message : String(error)}`
    return { name: 'visibility', status: 'failed', summary }
  }
}

/** Fills a copy, which stays for the other copies to be made of, and looks at it. */
async function makeBaseline(shadow: Shadow, { signal }: VerifierOptions): Promise<Baseline> {
  await shadow.drop(FILLED)
  await shadow.clone(FILLED)
  return connected(shadow, FILLED, async client => {
    const tables = probedTables(shadow.schema)
    const rows = new Map(tables.map(({ schema, name }) => [`${schema}.${name}`, ROWS_PER_TABLE]))
    rows.set('auth.users', USERS)
    const { filled } = await fill(client, { rows, signal })
    const contexts = await makeContexts(client, shadow.schema)
    const cells = await probe(client, tables, contexts, { signal })
    const empty = filled.flatMap(({ schema, name, unseedable }) =>
      unseedable ? [`${schema}.${name}: ${unseedable}`] : [],
    )
    const mutation = await mutate(client, shadow.schema, { tables, contexts, cells }, signal)
    return { tables, contexts, cells, empty, mutation }
  })
}

async function inCopy<T>(
  shadow: Shadow,
  name: string,
  work: (client: Client) => Promise<T>,
  { of }: { of?: string } = {},
): Promise<T> {
  await shadow.drop(name)
  await shadow.clone(name, of)
  try {
    return await connected(shadow, name, work)
  } finally {
    await shadow.drop(name)
  }
}

async function connected<T>(shadow: Shadow, database: string, work: (client: Client) => Promise<T>): Promise<T> {
  await (await openAdmin(shadow, database)).end()
  const client = await shadow.connect({ database })
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
