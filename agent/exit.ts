/** What the process says to its caller. After a signal it is 128 + the number of the signal (130 for Ctrl-C). */
export const EXIT = {
  fine: 0,
  /** An open finding is at least as severe as --fail-on. */
  thresholdExceeded: 1,
  couldNotRun: 2,
} as const
