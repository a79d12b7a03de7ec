/**
 * Something the user can put right: a wrong path, a wrong option, an app of a kind that is not supported.
 * The message is one line that says what to do; the command line prints it alone and exits with 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** The work was stopped on the user's wish (Ctrl-C). Thrown by instruments that notice an aborted signal. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError'

  constructor() {
    super('interrupted')
  }
}

/** @throws AbortedError when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError()
}
