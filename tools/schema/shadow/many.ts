import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { loadParser } from '../sql/parse.ts'
import { chooseEngine } from './engine.ts'
import { connectTo, SHADOW_DATABASE, startPlatform } from './index.ts'
import { STAND_INS } from './platform/extensions.ts'
import { type ReplayReport, type ReplayScript, replay } from './replay.ts'
import type { Server } from './server.ts'
import { sweepOrphans } from './sweep.ts'
import { createWatchdog, type WatchdogLimits } from './watchdog.ts'

/** A statement as the server ran it: constants are `$1`, `$2`… where the server normalises them. */
export interface ExecutedStatement {
  text: string
  /** False when a function, a trigger or a DO block ran it. */
  toplevel: boolean
}

/** One empty Supabase project on the shared server. */
export interface ShadowDatabase {
  /** Connection of the superuser. */
  control: Client
  /** Replays scripts on what is there already. */
  replay(scripts: ReplayScript[]): Promise<ReplayReport>
  /** Statements that ran since the last call; undefined when the server does not tell. */
  executed(): Promise<ExecutedStatement[] | undefined>
  /** Drops the database. What it did to roles, which all databases share, costs the server. */
  close(): Promise<void>
}

/** One server for many small databases, one after the other: a start costs a second, a copy of an empty project 50 ms. */
export interface ShadowServer {
  major: number
  open(): Promise<ShadowDatabase>
  stop(): Promise<void>
}

export interface ManyOptions {
  major?: number
  limits?: WatchdogLimits
  signal?: AbortSignal
}

/** What is shared by all databases of a server, and may be changed by a migration. */
const SHARED_STATE = `select md5(coalesce(string_agg(t, '|' order by t), '')) as state from (
  select 'role ' || r::text as t from (select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit from pg_authid) r
  union all select 'member ' || m::text from (select roleid::regrole, member::regrole, admin_option, inherit_option, set_option from pg_auth_members) m
  union all select 'setting ' || setrole::regrole || setconfig::text from pg_db_role_setting where setdatabase = 0
  union all select 'parameter ' || parname || paracl::text from pg_parameter_acl) s`

/** @throws when no server can be started (no binaries, no unprivileged account). */
export async function startShadowServer(options: ManyOptions = {}): Promise<ShadowServer> {
  const choice = chooseEngine(options.major, [dirname(fileURLToPath(import.meta.url))])
  if ('reason' in choice) throw new Error(choice.reason)
  const { engine } = choice
  sweepOrphans()
  let running: { server: Server; control: Client; state: string } | undefined
  let count = 0
  async function ready() {
    if (running) return running
    const server = await startPlatform(engine, options.signal)
    try {
      const first = await connectTo(server, { superuser: true })
      // The template must have no connection: whoever creates copies sits in a copy.
      await first.query(`create database control template ${SHADOW_DATABASE}`).finally(() => first.end())
      const control = await connectTo(server, { superuser: true, database: 'control' })
      running = { server, control, state: await sharedState(control) }
      return running
    } catch (error) {
      await server.remove()
      throw error
    }
  }
  async function end(): Promise<void> {
    const ending = running
    running = undefined
    await ending?.control.end().catch(() => {})
    await ending?.server.remove()
  }
  return {
    major: engine.major,
    async open() {
      const { server, control, state } = await ready()
      const name = `case_${++count}`
      await control.query(`create database ${name} template ${SHADOW_DATABASE} owner postgres`)
      // Settings of a database are not copied with it.
      await control.query(`alter database ${name} set search_path = "$user", public, extensions`)
      await control.query(`alter database ${name} set "app.settings.jwt_secret" = 'shadow'`)
      await control.query(`alter database ${name} set pg_stat_statements.track = 'all'`)
      const inside = await connectTo(server, { superuser: true, database: name })
      return {
        control: inside,
        replay: scripts => replayIn(server, name, inside, scripts, options),
        executed: () => executedIn(inside),
        async close() {
          await inside.end().catch(() => {})
          await control.query(`drop database if exists ${name} with (force)`).catch(() => {})
          if ((await sharedState(control).catch(() => '')) !== state) await end()
        },
      }
    },
    stop: end,
  }
}

async function replayIn(
  server: Server,
  database: string,
  control: Client,
  scripts: ReplayScript[],
  { limits, signal }: ManyOptions,
): Promise<ReplayReport> {
  const available = await control.query<{ name: string }>('select name from pg_available_extensions')
  const known = new Set([...available.rows.map(({ name }) => name), ...Object.keys(STAND_INS)])
  const connect = async () => {
    const client = await connectTo(server, { database }, 'statement_timeout=15s')
    const pid = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return { client, watchdog: createWatchdog(control, pid.rows[0]?.pid ?? 0, limits) }
  }
  return replay(scripts, await loadParser(), connect, known, signal)
}

async function executedIn(control: Client): Promise<ExecutedStatement[] | undefined> {
  try {
    const { rows } = await control.query<{ query: string; toplevel: boolean }>(
      `select query, toplevel from extensions.pg_stat_statements s join pg_roles r on r.oid = s.userid
       where dbid = (select oid from pg_database where datname = current_database()) and rolname <> session_user order by queryid`,
    )
    await control.query('select extensions.pg_stat_statements_reset()')
    return rows.map(({ query, toplevel }) => ({ text: query, toplevel }))
  } catch {
    return undefined
  }
}

async function sharedState(control: Client): Promise<string> {
  const { rows } = await control.query<{ state: string }>(SHARED_STATE)
  return rows[0]?.state ?? ''
}
