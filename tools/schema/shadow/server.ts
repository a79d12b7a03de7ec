import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import { type Account, serverAccount } from './account.ts'
import { type Engine, repairLinks } from './engine.ts'
import { startGuardian } from './guardian.ts'

/** Prefix of the private folder of a run; what a later run sweeps. */
export const RUN_PREFIX = 'scalability-shadow-'

/** The superuser of the cluster; never the one who replays migrations. */
export const SUPERUSER = 'supabase_admin'

export interface Server {
  engine: Engine
  /** Private folder of the run. */
  folder: string
  /** Data directory inside it. */
  data: string
  /** Connection settings without user and database. */
  connection: Pick<ClientConfig, 'host' | 'port' | 'password'>
  /** Ends the server; the data directory stays until `remove`. */
  halt(): Promise<void>
  /** Starts it again on the same data. */
  resume(): Promise<void>
  /** Ends the server and removes its folder. Safe to call twice. */
  remove(): Promise<void>
}

export interface StartOptions {
  engine: Engine
  /** Fills the data directory from a template; initdb when absent. */
  restore?: (data: string, account: Account | undefined) => Promise<void>
  signal?: AbortSignal
}

/** Settings for a server that lives for minutes and owns nothing worth keeping. */
const SETTINGS: Record<string, string> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '64MB',
  checkpoint_timeout: '1h',
  autovacuum: 'off',
  jit: 'off',
  max_connections: '32',
  shared_buffers: '64MB',
  max_locks_per_transaction: '512',
  shared_preload_libraries: 'pg_stat_statements',
  temp_file_limit: '1GB',
  log_min_messages: 'fatal',
  timezone: 'UTC',
  unix_socket_permissions: '0700',
}

/** Starts a PostgreSQL of its own in a private folder. Throws when it cannot. */
export async function startServer({ engine, restore, signal }: StartOptions): Promise<Server> {
  const account = serverAccount()
  if (account && 'reason' in account) throw new Error(account.reason)
  const folder = mkdtempSync(join(tmpdir(), `${RUN_PREFIX}${process.pid}-`))
  chmodSync(folder, 0o700)
  if (account) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const guardian = startGuardian(folder)
  try {
    const libraries = repairLinks(engine, folder)
    const environment = serverEnvironment(libraries)
    const password = process.platform === 'win32' ? randomBytes(18).toString('base64url') : undefined
    if (restore) await restore(data, account)
    else await initialise(engine, { folder, data, account, environment, password })
    const port = process.platform === 'win32' ? await freePort() : 5432
    const host = process.platform === 'win32' ? '127.0.0.1' : folder
    let child: ChildProcess | undefined
    const resume = async () => {
      child = await launch(engine, { folder, data, account, environment, port, signal })
    }
    const halt = async () => {
      const ending = child
      child = undefined
      if (ending) await endProcess(ending)
    }
    await resume()
    let removed: Promise<void> | undefined
    const remove = () => {
      removed ??= (async () => {
        await halt()
        await rm(folder, { recursive: true, force: true, maxRetries: 3 })
        guardian.dismiss()
      })()
      return removed
    }
    return { engine, folder, data, connection: { host, port, password }, halt, resume, remove }
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    guardian.dismiss()
    throw error
  }
}

interface RunContext {
  folder: string
  data: string
  account: Account | undefined
  environment: NodeJS.ProcessEnv
}

/** Nothing of our own environment (keys, URLs, PG* variables) is for the server to see. */
function serverEnvironment(libraries: string | undefined): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' }
  for (const name of ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']) {
    if (process.env[name] !== undefined) environment[name] = process.env[name]
  }
  if (libraries) environment[process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'] = libraries
  return environment
}

/**
 * A new cluster with the collation provider of Supabase (ICU, en-US): under a C collation a plain index would serve
 * `like 'x%'`, which it does not in production.
 */
async function initialise(engine: Engine, context: RunContext & { password: string | undefined }): Promise<void> {
  const { folder, data, account, environment, password } = context
  const options = ['-D', data, '-U', SUPERUSER, '--encoding=UTF8', '--locale=C', '--no-sync', '--wal-segsize=1']
  options.push('--no-instructions', '--locale-provider=icu', '--icu-locale=en-US')
  if (password === undefined) options.push('--auth=trust')
  else {
    const file = join(folder, 'password')
    writeFileSync(file, password, { mode: 0o600 })
    options.push('--auth=scram-sha-256', `--pwfile=${file}`)
  }
  const child = spawn(engine.initdb, options, {
    ...account,
    env: environment,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr?.on('data', chunk => {
    errors = `${errors}${chunk}`.slice(-2000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) throw new Error(`initdb failed: ${errors.trim().split('\n').at(-1) ?? `exit code ${code}`}`)
}

async function launch(
  engine: Engine,
  { folder, data, account, environment, port, signal }: RunContext & { port: number; signal?: AbortSignal },
): Promise<ChildProcess> {
  const log = join(folder, 'log')
  const descriptor = openSync(log, 'a', 0o600)
  if (account) chownSync(log, account.uid, account.gid)
  const windows = process.platform === 'win32'
  const settings: Record<string, string> = {
    ...SETTINGS,
    port: String(port),
    listen_addresses: windows ? '127.0.0.1' : '',
    unix_socket_directories: windows ? '' : folder,
    ...(engine.major >= 17 && { allow_alter_system: 'off' }),
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(engine.postgres, ['-D', data, ...options], {
    ...account,
    env: environment,
    cwd: folder,
    // A session of its own: Ctrl-C in the terminal is ours to handle, not the server's.
    detached: true,
    stdio: ['ignore', descriptor, descriptor],
  })
  closeSync(descriptor)
  child.unref()
  const exit = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`PostgreSQL ended while starting (code ${code})`)))
  })
  exit.catch(() => {})
  try {
    await Promise.race([exit, untilReady(data, child, signal)])
  } catch (error) {
    child.kill('SIGKILL')
    const text = await readFile(log, 'utf8').catch(() => '')
    const last = text.trim().split('\n').at(-1)
    throw new Error(`${error instanceof Error ? error.message : error}${last ? `: ${last}` : ''}`)
  }
  return child
}

/** postmaster.pid says "ready" on its eighth line once connections are accepted. */
async function untilReady(data: string, child: ChildProcess, signal?: AbortSignal): Promise<void> {
  while (child.exitCode === null) {
    signal?.throwIfAborted()
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (lines[7]?.trim() === 'ready' && Number(lines[0]) === child.pid) return
    await new Promise(resolve => setTimeout(resolve, 4))
  }
}

/** Immediate shutdown after a checkpoint was asked for elsewhere; fast shutdown otherwise keeps the data consistent. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.ref()
  child.kill('SIGINT')
  const stubborn = setTimeout(() => child.kill('SIGQUIT'), 5000)
  const hopeless = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(stubborn)
  clearTimeout(hopeless)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
