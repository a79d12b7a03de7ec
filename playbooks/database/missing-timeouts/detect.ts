import type { DetectedFinding } from '../../finding.ts'
import { durationMs, placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** Nobody waits longer for a page; the functions that do are ended by then. */
const LONG_MS = 60_000

/** Roles through which people's requests come without a limit on how long one may take. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const settings = section(database?.settings)
  if (!settings) return []
  const roles = settings.roles.filter(
    ({ role }) => role === 'anon' || role === 'authenticated' || role === 'authenticator',
  )
  // Not a Supabase project: which roles serve requests is not known.
  if (roles.length === 0) return []
  const everywhere = durationMs(settings.server.statement_timeout)
  const limitOf = (role: string): number | undefined => {
    const own = roles.find(r => r.role === role && r.setting === 'statement_timeout')
    return own ? durationMs(own.value) : undefined
  }
  // PostgREST connects as authenticator and takes the settings of the role that it becomes, else its own.
  const endless = ['anon', 'authenticated'].flatMap(role => {
    const limit = limitOf(role) ?? limitOf('authenticator') ?? everywhere
    return limit !== undefined && (limit === 0 || limit > LONG_MS) ? [{ role, limit }] : []
  })
  if (endless.length === 0) return []
  return [
    {
      title: `Queries of ${endless.map(({ role }) => `\`${role}\``).join(' and ')} may run ${endless.every(({ limit }) => limit === 0) ? 'without end' : 'for more than a minute'}`,
      location: placeOfApp(code),
      evidence: endless.map(({ role, limit }) => ({
        text: `statement_timeout of ${role} is ${limit === 0 ? 'off' : `${Math.round(limit / 1000)} s`}; Supabase's own is 3 s for anon and 8 s for authenticated`,
      })),
      object: 'statement_timeout',
      confidence: 'high' as const,
    },
  ]
}
