import { join } from 'node:path'
import type { LiveOptions } from '../tools/database/index.ts'
import { UserError } from '../tools/errors.ts'
import { readRegular } from '../tools/safefile.ts'
import type { DatabaseFlags } from './databaseoptions.ts'

/** A project reference: the first label of the host name of a Supabase project. */
const REFERENCE = /^[a-z]{20}$/

/**
 * Where the running database is, by options first, then by the environment; undefined when nothing says so. Nothing is
 * connected to, and of the audited folder only the reference of the linked project is read.
 *
 * @throws UserError when what is given cannot be used; never with any part of a URL or token in it
 */
export function liveOptions(
  root: string,
  { db, projectRef, allowPrivilegedRole }: DatabaseFlags,
  env: NodeJS.ProcessEnv,
): LiveOptions | undefined {
  if (db === false) {
    if (projectRef !== undefined) throw new UserError('--no-db and --project-ref exclude each other; leave one out')
    return undefined
  }
  if (db !== undefined && projectRef !== undefined)
    throw new UserError('--db and --project-ref are two ways to the database; leave one out')
  if (db !== undefined && db.trim() === '')
    throw new UserError('--db is empty; give postgresql://user:password@host:port/database')
  const token = filled(env.SUPABASE_ACCESS_TOKEN)
  if (projectRef !== undefined) {
    if (!REFERENCE.test(projectRef))
      throw new UserError('--project-ref takes the 20 lower-case letters of the project (Project Settings, General)')
    if (!token) throw new UserError('--project-ref needs an access token in SUPABASE_ACCESS_TOKEN')
    return { management: { token, project: projectRef, ...origin(env) }, allowPrivilegedRole }
  }
  const url = db ?? filled(env.SCALABILITY_DATABASE_URL)
  if (url !== undefined) return { url: url.trim(), allowPrivilegedRole }
  const linked = token ? linkedProject(root) : undefined
  return token && linked ? { management: { token, project: linked, ...origin(env) }, allowPrivilegedRole } : undefined
}

/** What `supabase link` noted, else a project_id in the configuration that is a real reference and not a local name. */
export function linkedProject(root: string): string | undefined {
  const noted = textOf(join(root, 'supabase/.temp/project-ref'))?.trim()
  if (noted && REFERENCE.test(noted)) return noted
  const configured = /^\s*project_id\s*=\s*["']([^"'\n]*)["']/m.exec(
    textOf(join(root, 'supabase/config.toml')) ?? '',
  )?.[1]
  return configured && REFERENCE.test(configured) ? configured : undefined
}

function textOf(path: string): string | undefined {
  return readRegular(path, { maxBytes: 256 * 1024 }).bytes?.toString('utf8')
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

/** Another address of the Management API: self-hosted platforms and tests. TLS unless it is this machine. */
function origin(env: NodeJS.ProcessEnv): { origin?: string } {
  const given = filled(env.SUPABASE_API_URL)
  if (given === undefined) return {}
  const url = URL.canParse(given) ? new URL(given) : undefined
  const local = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (!url || (url.protocol !== 'https:' && !(local && url.protocol === 'http:')))
    throw new UserError('SUPABASE_API_URL must be an https:// address')
  return { origin: url.origin }
}
