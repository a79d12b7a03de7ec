import { readFileSync } from 'node:fs'
import type { Client, ClientConfig, QueryConfig } from 'pg'
import { DatabaseError, type Executor } from './executor.ts'
import { marked } from './queries.ts'
import { type Redactor, redactor } from './redact.ts'

export interface ConnectionTimeouts {
  connectMs: number
  statementMs: number
  lockMs: number
}

export const TIMEOUTS: ConnectionTimeouts = { connectMs: 10_000, statementMs: 8_000, lockMs: 500 }

/** A connection that was cut is made anew this often: what is left of the questions may still be answered. */
const RECONNECTIONS = 2

/**
 * Opens one connection. Each query is a read-only transaction of its own with its timeouts set locally, over the extended
 * protocol without names: this works through a transaction pooler, where a session lasts one transaction.
 * @throws DatabaseError without any part of the URL.
 */
export async function connect(url: string, timeouts: ConnectionTimeouts = TIMEOUTS): Promise<Executor> {
  const { config, hide } = parseUrl(url)
  let session: Session | undefined = await open(config, hide, timeouts)
  let left = RECONNECTIONS
  return {
    via: 'connection',
    rows: async sql => {
      if (session === undefined || session.lost()) {
        session?.drop()
        session = undefined
        if (left-- <= 0) throw new DatabaseError(EXPLANATIONS.ECONNRESET!, 'ECONNRESET')
        session = await open(config, hide, timeouts)
      }
      try {
        return await inTransaction(session.client, sql, timeouts)
      } catch (error) {
        // Without an answer of the server's own, nobody knows what state the connection is in.
        if (!isServerError(error)) {
          session.drop()
          session = undefined
        }
        throw describe(error, hide)
      }
    },
    close: async () => session?.client.end().catch(() => {}),
  }
}

interface Session {
  client: Client
  lost(): boolean
  /** Ends it without waiting for a server that may have stopped answering. */
  drop(): void
}

async function open(config: ClientConfig, hide: Redactor, timeouts: ConnectionTimeouts): Promise<Session> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    ...config,
    connectionTimeoutMillis: timeouts.connectMs,
    // A server that stopped answering is noticed even though its own timeout cannot fire.
    query_timeout: timeouts.statementMs + 4000,
  })
  let lost = false
  client.on('error', () => {
    lost = true
  })
  try {
    await client.connect()
  } catch (error) {
    client.end().catch(() => {})
    throw describe(error, hide)
  }
  return { client, lost: () => lost, drop: () => void client.end().catch(() => {}) }
}

/** SQLSTATEs have five characters; 57P is the server ending the connection. */
function isServerError(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P') && !code.startsWith('08')
}

async function inTransaction<T extends object>(
  client: Client,
  sql: string,
  timeouts: ConnectionTimeouts,
): Promise<T[]> {
  // One message: a server far away is asked some twenty questions.
  await client.query(
    `begin transaction read only; set local statement_timeout = ${timeouts.statementMs}; ` +
      `set local lock_timeout = ${timeouts.lockMs}; set local search_path = pg_catalog`,
  )
  try {
    const query: QueryConfig & { queryMode: 'extended' } = { text: marked(sql), queryMode: 'extended' }
    return (await client.query<T>(query)).rows
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

/** Settings from a URL. TLS as sslmode says; to other machines encrypted by default. */
export function parseUrl(url: string): { config: ClientConfig; hide: Redactor } {
  let parsed: URL
  try {
    // libpq allows an empty host (`@/database?host=/socket/folder`), the URL standard does not.
    parsed = new URL(url.replace(/^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)(?=\/|$)/, '$1localhost'))
  } catch {
    throw new DatabaseError('the database URL is not a URL (postgresql://user:password@host:port/database)')
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') {
    throw new DatabaseError('the database URL must begin with postgresql://')
  }
  if (parsed.hash !== '')
    throw new DatabaseError('the database URL has a # in it; in a user or password it is written %23')
  if (/%(?![0-9a-f]{2})/i.test(url))
    throw new DatabaseError('the database URL has a % that begins no escape; in a user or password it is written %25')
  const socket = parsed.searchParams.get('host') ?? undefined
  const host = socket ?? (decodeURIComponent(parsed.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost')
  const user = decodeURIComponent(parsed.username)
  const password = decodeURIComponent(parsed.password)
  const database = decodeURIComponent(parsed.pathname.slice(1)) || user
  const port = Number(parsed.port || parsed.searchParams.get('port') || 5432)
  const ssl = tlsOf(parsed.searchParams, host)
  const hide = redactor([url, host, user, password, database === 'postgres' ? undefined : database, socket])
  return { config: { host, port, user, password, database, ssl, application_name: 'scalability-agent' }, hide }
}

function tlsOf(parameters: URLSearchParams, host: string): ClientConfig['ssl'] {
  const local = host.startsWith('/') || ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host)
  const mode = parameters.get('sslmode') ?? (local ? 'disable' : 'require')
  if (mode === 'disable' || mode === 'allow' || (mode === 'prefer' && local)) return false
  const rootCertificate = parameters.get('sslrootcert')
  const ca = rootCertificate ? readCertificate(rootCertificate) : undefined
  // As in libpq: require encrypts, verify-ca and verify-full also check who answers.
  if (mode === 'verify-full') return { rejectUnauthorized: true, ca }
  if (mode === 'verify-ca') return { rejectUnauthorized: true, ca, checkServerIdentity: () => undefined }
  return { rejectUnauthorized: false }
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DatabaseError(`the file that sslrootcert names cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

const EXPLANATIONS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there (connection refused)',
  ENOENT: 'nobody listens there (no such socket)',
  ENOTFOUND: 'the host name is not known; direct Supabase hosts have IPv6 addresses only, the pooler has IPv4',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'no answer (timed out)',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached (an IPv6-only host from an IPv4 network?)',
  '28P01': 'the password was not accepted',
  '28000': 'the role was not accepted',
  '3D000': 'the database does not exist',
  '53300': 'the server has no connection left',
  '57014': 'took longer than its timeout',
  '55P03': 'waited too long for a lock',
  '42501': 'permission denied',
  '57P01': 'the server ended the connection',
  '57P03': 'the server is starting up or shutting down',
  SELF_SIGNED_CERT_IN_CHAIN: 'the server certificate is not signed by a known authority (sslrootcert names one)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the server certificate is self-signed (sslrootcert names an authority)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the server certificate is for another host name',
  CERT_HAS_EXPIRED: 'the server certificate has expired',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server certificate could not be verified (sslrootcert names an authority)',
}

function describe(error: unknown, hide: Redactor): DatabaseError {
  const { code = '', message } = error as { code?: string; message?: string }
  const text = hide(message ?? String(error))
  if (/Tenant or user not found/i.test(text))
    return new DatabaseError(
      'the pooler knows no such project or role (there the role is <role>.<project reference>)',
      code,
    )
  if (/max clients reached/i.test(text))
    return new DatabaseError('the pooler has no connection left; its transaction port (6543) takes more', code)
  const known = EXPLANATIONS[code]
  if (known && code !== '42501') return new DatabaseError(known, code)
  if (/does not support SSL/i.test(text))
    return new DatabaseError('the server offers no TLS (sslmode=disable turns it off)', 'TLS')
  if (/timeout/i.test(text) && !code) return new DatabaseError('no answer (timed out)', 'ETIMEDOUT')
  if (/terminated|Connection ended/i.test(text)) return new DatabaseError('the connection was cut', 'ECONNRESET')
  return new DatabaseError(text, code)
}
