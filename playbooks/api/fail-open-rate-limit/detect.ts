import type { DetectedFinding } from '../../finding.ts'
import type { DetectInput } from '../../playbook.ts'
import { at } from '../../shared.ts'

/** A limiter that allows everything when it cannot tell. */
export function detect({ code }: DetectInput): DetectedFinding[] {
  return code.openLimiters.map(o => ({
    title:
      o.when === 'error'
        ? `${o.name}() lets everybody through when the limiter fails`
        : `${o.name}() lets everybody through when the limiter is not configured`,
    location: at(o.file, o.line),
    routes: [],
    evidence: [
      {
        text:
          o.when === 'error'
            ? 'an outage of the store behind the limiter, often caused by the very flood it should stop, turns it off'
            : 'a missing variable turns the limiter off without a sign',
      },
    ],
    object: `limiter ${o.name} ${o.when}`,
    confidence: 'high',
    security: true,
  }))
}
