import type { Client } from 'pg'
import { splitStatements } from '../schema/sql/lexer.ts'
import type { Change } from '../workspace/change.ts'
import type { ProofCheck } from './proof.ts'
import { differences, snapshot } from './snapshot.ts'

/** Longest run of one statement on the copy. */
const STATEMENT_TIMEOUT_MS = 30_000

/**
 * Runs the migrations of a change up, down, and up again in a copy of the replayed database, and compares the catalogs after
 * each way.
 *
 * @param client the owner's connection to a copy that nobody else uses
 */
export async function proveMigrations(client: Client, change: Change): Promise<ProofCheck> {
  const name = 'migrations'
  const before = await snapshot(client)
  try {
    await run(client, change, 'up')
    const up = await snapshot(client)
    const made = differences(before, up)
    if (made.length === 0) return { name, status: 'failed', summary: 'the migration changes nothing in the schema' }
    await run(client, change, 'down')
    const left = differences(before, await snapshot(client))
    if (left.length > 0)
      return { name, status: 'failed', summary: `the way down leaves ${left.length} differences`, detail: left }
    await run(client, change, 'up')
    const again = differences(up, await snapshot(client))
    if (again.length > 0)
      return { name, status: 'failed', summary: `up a second time gives another schema`, detail: again }
    const summary = `up, down and up again: the catalogs are the same after each way (${before.size} objects; up changes ${made.length})`
    return { name, status: 'passed', summary, detail: made }
  } catch (error) {
    return { name, status: 'failed', summary: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Runs all migrations of a change one way, as its tool would: the file in one transaction, or each statement alone.
 *
 * @throws Error that names the file when a statement fails; a transaction is rolled back
 */
export async function run(client: Client, change: Change, way: 'up' | 'down'): Promise<void> {
  const order = way === 'up' ? change.migrations : change.migrations.toReversed()
  await client.query(`set statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  for (const migration of order) {
    const file = migration[way]
    const text = change.files[file]
    if (text === undefined || text === null) throw new Error(`${file} is not part of the change`)
    try {
      if (migration.transactional) await client.query('begin')
      for (const { start, end } of splitStatements(text)) await client.query(text.slice(start, end))
      if (migration.transactional) await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
