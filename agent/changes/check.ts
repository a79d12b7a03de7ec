import type { Change } from '../../tools/workspace/change.ts'
import type { ChangeOutcome, ChangeRecord } from './record.ts'

export interface Checked {
  /** What goes into the record. */
  told: Pick<ChangeRecord, 'verdict' | 'proof'>
  /** Why it goes no further. */
  refused?: { outcome: Extract<ChangeOutcome, 'rejected' | 'not-proven'>; reason: string }
}

/**
 * Gate and proofs of one change.
 *
 * @param base absolute path of a pristine copy of the audited folder, which is not written to
 */
export async function checkChange(_base: string, _change: Change, _signal: AbortSignal): Promise<Checked> {
  // The gate (agent/gate) and the proofs (tools/verify) are called here.
  return { told: {} }
}
