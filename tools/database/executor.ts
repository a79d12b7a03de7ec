/** Runs one of our fixed queries in a read-only transaction of its own and returns its rows. */
export interface Executor {
  via: 'connection' | 'management-api'
  rows<T extends object>(sql: string): Promise<T[]>
  close(): Promise<void>
}

/** Why the database could not be asked, in words that hold no secret. */
export class DatabaseError extends Error {
  /** SQLSTATE, system error code or HTTP status, when there is one. */
  readonly code: string
  constructor(message: string, code = '') {
    super(message)
    this.name = 'DatabaseError'
    this.code = code
  }
}

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError
}
