import type { Client, Connection, Submittable } from 'pg'

/** What PostgreSQL said about a failed statement. */
export interface SqlFailure {
  code: string
  message: string
  detail?: string
  hint?: string
  /** PL/pgSQL call stack. */
  where?: string
}

/** Parts of pg's connection that its types leave out. */
interface WireConnection {
  query(text: string): void
  sendCopyFail(message: string): void
  sync(): void
}

/**
 * Runs SQL text (one or many statements, simple protocol: many are one transaction) and throws its rows away. A migration
 * may select a billion rows; keeping them is not our task.
 * @returns undefined when it ran, else the failure.
 */
export function execute(client: Client, text: string): Promise<SqlFailure | undefined> {
  return new Promise(resolve => {
    const query = {
      submit: (connection: Connection) => (connection as unknown as WireConnection).query(text),
      handleRowDescription: () => {},
      handleDataRow: () => {},
      handleCommandComplete: () => {},
      handleEmptyQuery: () => {},
      handlePortalSuspended: () => {},
      handleCopyInResponse: (connection: WireConnection) => connection.sendCopyFail('no data'),
      handleCopyData: () => {},
      handleError: (error: Error & Partial<SqlFailure>) => {
        const failure: SqlFailure = {
          code: error.code ?? 'XX000',
          message: error.message,
          ...(error.detail && { detail: error.detail }),
          ...(error.hint && { hint: error.hint }),
          ...(error.where && { where: error.where }),
        }
        // pg forgets the query at its error; the connection itself waits for the server to be ready again.
        resolve(failure)
      },
      handleReadyForQuery: () => resolve(undefined),
    }
    client.query(query as unknown as Submittable)
  })
}
