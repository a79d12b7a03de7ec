import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readOnlyRoleSql } from '../../tools/database/privileges.ts'
import { chooseEngine } from '../../tools/schema/shadow/engine.ts'
import { platformSql } from '../../tools/schema/shadow/platform/index.ts'
import { SUPERUSER, startServer } from '../../tools/schema/shadow/server.ts'

/** Turns up in no output. */
export const PASSWORD = 'only-4-reading'

export interface RunningDatabase {
  /** Connected as the superuser. */
  admin: pg.Client
  /** URL of the role that only reads statistics. */
  reader: string
  /** URL of the owner, who can write. */
  owner: string
  /** Folder of the socket: the "host", which turns up in no output either. */
  host: string
  stop(): Promise<void>
}

/** A real PostgreSQL with the Supabase platform in it, and the role that our refusal advises. */
export async function runningDatabase(sql: string): Promise<RunningDatabase> {
  const choice = chooseEngine(undefined, [dirname(fileURLToPath(import.meta.url))])
  if ('reason' in choice) throw new Error(choice.reason)
  const server = await startServer({ engine: choice.engine })
  const admin = new pg.Client({ ...server.connection, user: SUPERUSER, database: 'postgres' })
  admin.on('error', () => {})
  await admin.connect()
  await admin.query(platformSql())
  await admin.query(`set role postgres; ${sql}; reset role`)
  await admin.query(readOnlyRoleSql().replace('<choose one>', PASSWORD))
  const hba = join(server.data, 'pg_hba.conf')
  await writeFile(hba, `local all scalability_reader scram-sha-256\n${await readFile(hba, 'utf8')}`)
  await admin.query('select pg_reload_conf()')
  const url = (who: string): string => `postgresql://${who}@/postgres?host=${encodeURIComponent(server.folder)}`
  return {
    admin,
    reader: url(`scalability_reader:${PASSWORD}`),
    owner: url(`postgres:${PASSWORD}`),
    host: server.folder,
    stop: async () => {
      await admin.end().catch(() => {})
      await server.remove()
    },
  }
}
