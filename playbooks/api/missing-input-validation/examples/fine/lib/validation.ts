import type { z } from 'zod'

export type Parsed<T> = { ok: true; value: T } | { ok: false; error: string }

/** A validator of our own around zod: the caller checks the result. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): Parsed<T> {
  const result = schema.safeParse(input)
  return result.success ? { ok: true, value: result.data } : { ok: false, error: 'Invalid input' }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

const THEMES = ['light', 'dark']

/** A hand-written validator: only known keys, only known types. */
export function sanitizeSettings(input: unknown): { theme?: string; digest?: boolean } {
  const settings: { theme?: string; digest?: boolean } = {}
  if (typeof input !== 'object' || input === null) return settings
  const { theme, digest } = input as Record<string, unknown>
  if (typeof theme === 'string' && THEMES.includes(theme)) settings.theme = theme
  if (typeof digest === 'boolean') settings.digest = digest
  return settings
}
