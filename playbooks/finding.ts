import type { SourceLocation } from '../tools/gathered.ts'

export const AREAS = ['database', 'api', 'caching', 'auth', 'frontend', 'observability', 'cost'] as const
export type Area = (typeof AREAS)[number]

/** From worst to mildest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export const CONFIDENCES = ['high', 'medium', 'low'] as const
export type Confidence = (typeof CONFIDENCES)[number]

/** One proven fact behind a finding: a sentence, and where to see it when it stands in a file. */
export interface EvidenceItem {
  text: string
  location?: SourceLocation
}

/** What a detector returns. Ids, keys and severities are filled in from the playbook by `judge`. */
export interface DetectedFinding {
  /** One sentence that says what was proven, naming the object ("`posts` is read without a limit"). */
  title: string
  location: SourceLocation
  /** Paths of the routes that reach the place, sorted. */
  routes?: string[]
  evidence: EvidenceItem[]
  /** What the finding is about, for the stable key: table + operation + function name, never a line number. */
  object: string
  /** Source text of the place, when it tells equals apart; white space is normalised before it enters the key. */
  content?: string
  /** Defaults to the playbook's severity. */
  severity?: Severity
  confidence: Confidence
  /** True when the problem is (also) one of security or privacy. */
  security?: boolean
}

export interface Finding extends Omit<DetectedFinding, 'object' | 'content' | 'routes' | 'severity' | 'security'> {
  /** `<area>/<id>`. */
  playbook: string
  /** Stable across edits elsewhere in the file: playbook + file + object + content + ordinal among equals. */
  key: string
  severity: Severity
  security: boolean
  routes: string[]
  /** Concurrent users that fixing it buys; null until capacity is modelled. */
  usersGained: number | null
}
