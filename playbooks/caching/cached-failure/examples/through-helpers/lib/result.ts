export type Result<T> = { data: T; error: null } | { data: null; error: string }

export function failure(error: string): Result<never> {
  return { data: null, error }
}

export function success<T>(data: T): Result<T> {
  return { data, error: null }
}
