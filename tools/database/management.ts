import { DatabaseError, type Executor } from './executor.ts'
import { marked } from './queries.ts'
import { redactor } from './redact.ts'

export interface ManagementOptions {
  /** Personal access token (`sbp_…`). */
  token: string
  /** Project reference: the first label of the project's host name. */
  project: string
  /** Replaced in tests; by habit https://api.supabase.com. */
  origin?: string
  signal?: AbortSignal
}

/**
 * Queries through Supabase's Management API, which runs them as a read-only role of its own
 * (POST /v1/projects/{ref}/database/query/read-only, 120 requests a minute). No database password is needed.
 */
export function managementApi({ token, project, origin, signal }: ManagementOptions): Executor {
  if (!/^[a-z0-9]{8,40}$/.test(project))
    throw new DatabaseError('the project reference must be its 20 lower-case letters')
  const hide = redactor([token, project])
  const url = `${origin ?? 'https://api.supabase.com'}/v1/projects/${project}/database/query/read-only`
  return {
    via: 'management-api',
    rows: async <T extends object>(sql: string) => {
      const response = await request(url, token, marked(sql), signal).catch((error: unknown) => {
        throw new DatabaseError(hide(error instanceof Error ? error.message : String(error)))
      })
      const body: unknown = await response.json().catch(() => undefined)
      if (!response.ok) throw new DatabaseError(hide(explain(response.status, body)), String(response.status))
      if (!Array.isArray(body)) throw new DatabaseError('the Management API answered something else than rows')
      return body as T[]
    },
    close: async () => {},
  }
}

function request(url: string, token: string, query: string, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(20_000)
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    redirect: 'error',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
}

function explain(status: number, body: unknown): string {
  if (status === 401) return 'the access token was not accepted'
  if (status === 403) return 'the access token may not query this project'
  if (status === 404) return 'the project does not exist, or the token does not see it'
  if (status === 429) return 'too many requests to the Management API; try again in a minute'
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
  return `the Management API answered ${status}${message ? `: ${message.slice(0, 200)}` : ''}`
}
