export type ActionResult<T> = { ok: true; data: T } | { ok: false; error: string }

export function fail(error: unknown): ActionResult<never> {
  if (error instanceof Error) {
    return { ok: false, error: error.message } // expect: api/error-leak
  }
  return { ok: false, error: 'Something went wrong' }
}

export function ok<T>(data: T): ActionResult<T> {
  return { ok: true, data }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
