import type { DetectedFinding } from '../../finding.ts'
import { placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** From here on a burst of new connections is refused before anybody can look. */
const NEARLY_FULL = 0.8

/** Connections in use against those that there are, at the moment of the look. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const connections = section(database?.connections)
  if (!connections) return []
  const free = connections.maximum - connections.reserved
  const share = free > 0 ? connections.used / free : 0
  if (share < NEARLY_FULL) return []
  const location = placeOfApp(code)
  return [
    {
      title: `${connections.used} of ${free} database connections are in use`,
      location,
      evidence: [
        { text: `max_connections is ${connections.maximum}, of which ${connections.reserved} are reserved` },
        ...connections.groups.slice(0, 5).map(({ role, state, application, count }) => ({
          text: `${count} by ${role}${application ? ` (${application})` : ''}, ${state || 'state unknown'}`,
        })),
      ],
      object: 'connections',
      severity: share >= 0.95 ? ('critical' as const) : ('high' as const),
      // One look, not a measurement over time.
      confidence: share >= 0.9 ? ('high' as const) : ('medium' as const),
    },
  ]
}
