import type { DetectedFinding } from '../../finding.ts'
import { durationMs, placeOfApp, section } from '../../live.ts'
import type { DetectInput } from '../../playbook.ts'

/** A transaction that waits longer for its client is forgotten, not busy. */
const FORGOTTEN_SECONDS = 30

/** Transactions that are open while their client does something else. */
export function detect({ code, database }: DetectInput): DetectedFinding[] {
  const idle = section(database?.connections)?.idleInTransaction
  if (!idle || idle.count === 0 || idle.oldestSeconds < FORGOTTEN_SECONDS) return []
  const timeout = durationMs(section(database?.settings)?.server.idle_in_transaction_session_timeout)
  return [
    {
      title: `${idle.count} ${idle.count === 1 ? 'transaction is' : 'transactions are'} open and idle, the oldest for ${Math.round(idle.oldestSeconds)} s`,
      location: placeOfApp(code),
      evidence: [
        { text: 'each keeps its connection and its locks, and keeps vacuum from removing anything that is newer' },
        ...(timeout === 0 ? [{ text: 'idle_in_transaction_session_timeout is off: nothing ends them' }] : []),
      ],
      object: 'idle in transaction',
      severity: idle.oldestSeconds >= 300 || idle.count >= 10 ? ('high' as const) : ('medium' as const),
      confidence: 'high' as const,
    },
  ]
}
