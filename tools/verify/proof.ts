/** What was tried on a change and what came of it. "passed" always says what was observed, never that it is safe. */
export interface Proof {
  checks: ProofCheck[]
}

export type ProofName =
  | 'migrations'
  | 'visibility'
  | 'plans'
  | 'finding-gone'
  | 'no-new-finding'
  | 'syntax'
  | 'types'
  | 'tests'

export interface ProofCheck {
  name: ProofName
  status: 'passed' | 'failed' | 'skipped'
  /** One line: what was observed, with numbers, or why it was skipped. */
  summary: string
  /** Lines for whoever wants more: plans before and after, cells that differ. */
  detail?: string[]
}
