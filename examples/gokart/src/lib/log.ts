import 'server-only'

/** One JSON line a failure, for the log drain. What went wrong stays on the server. */
export function logError(where: string, error: unknown): void {
  const message = error instanceof Error ? error.message : JSON.stringify(error)
  console.error(JSON.stringify({ level: 'error', where, message }))
}
