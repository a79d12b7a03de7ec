/** Where each built change ended. A closed set, so that every change without a pull request can be explained. */
export const PUBLISH_OUTCOMES = [
  /** A draft pull request was opened. */
  'opened',
  /** Its pull request shows the new state of the change. */
  'updated',
  /** Its pull request shows exactly this change; nothing was touched. */
  'unchanged',
  /** Dry run: with --yes it would be opened, or updated. */
  'would-open',
  'would-update',
  /** A person closed its pull request: it stays closed. */
  'closed-by-person',
  /** Its branch holds commits that are not ours. */
  'foreign-commits',
  /** The repository's default branch has these contents already. */
  'already-applied',
  /** A file that it changes is another one on GitHub's default branch. */
  'base-moved',
  /** As many pull requests are open, or were opened in this run, as may be. */
  'limit-open',
  'limit-new',
  /** It was not built, or the gate does not let it pass. */
  'not-built',
  'rejected',
  /** GitHub said no; `detail` says what. */
  'failed',
] as const
export type PublishOutcome = (typeof PUBLISH_OUTCOMES)[number]

export interface Published {
  key: string
  title: string
  branch: string
  outcome: PublishOutcome
  /** One line for the person who asks why. */
  detail: string
  /** Of its pull request, when it has one. */
  url?: string
}
