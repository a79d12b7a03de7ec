/** What the gate says of a change. Only `accept` lets it pass: what cannot be judged is not safe. */
export interface GateVerdict {
  decision: 'accept' | 'reject' | 'undecided'
  /** Why; empty only for `accept`. */
  reasons: GateReason[]
}

export interface GateReason {
  /** Stable id of the rule, e.g. "policy-wider". */
  rule: string
  /** What it is about: "policy \"own rows\" on public.posts", "app/api/posts/route.ts POST". */
  object: string
  /** What was seen before and after, in one line. */
  evidence: string
  file?: string
  line?: number
}
