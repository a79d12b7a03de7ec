import type { z } from 'zod'

export type ActionResult<T = undefined> = { success: true; data: T } | Failure

export const GENERIC_ERROR = 'Something went wrong. Please try again.'

export function ok(): ActionResult
export function ok<T>(data: T): ActionResult<T>
export function ok<T>(data?: T): ActionResult<T | undefined> {
  return { success: true, data }
}

export interface Failure {
  success: false
  error: string
  fieldErrors?: Record<string, string[]>
}

export function fail(error: string, fieldErrors?: Record<string, string[]>): Failure {
  return { success: false, error, fieldErrors }
}

/** The input as the schema describes it, or the message for the form that it came from. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): ActionResult<z.infer<S>> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return { success: true, data: parsed.data }

  const fieldErrors: Record<string, string[]> = {}
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? 'form')
    fieldErrors[field] = [...(fieldErrors[field] ?? []), issue.message]
  }
  return fail('Please check what you entered.', fieldErrors)
}
