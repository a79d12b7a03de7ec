import type { Proof } from '../../tools/verify/proof.ts'
import type { Change } from '../../tools/workspace/change.ts'
import type { GateVerdict } from '../gate/verdict.ts'

/** Where a planned change ended. A closed set, so that every finding without a pull request can be explained. */
export const CHANGE_OUTCOMES = [
  /** No fix could be written; `reason` says why. */
  'declined',
  /** The gate rejected it or could not judge it. */
  'rejected',
  /** A proof failed. */
  'not-proven',
  /** Committed on its local branch. */
  'built',
  /** The branch holds exactly this change already. */
  'unchanged',
  /** The branch exists and holds commits of somebody else. */
  'foreign-commits',
  /** git or the disk said no; `reason` says what. */
  'failed',
] as const
export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number]

/** One planned change with everything that happened to it; what `agent build` writes to `.scalability/changes/<key>.json`. */
export interface ChangeRecord {
  formatVersion: 1
  /** Key of the finding that it was planned for. */
  finding: string
  playbook: string
  outcome: ChangeOutcome
  reason?: string
  /** Absent when declined. */
  change?: Change
  verdict?: GateVerdict
  proof?: Proof
  branch?: string
  /** Commit that the change stands on, and the commit that holds it. */
  base?: string
  commit?: string
}
