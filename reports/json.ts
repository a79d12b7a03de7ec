import { z } from 'zod'
import { type Assessment, assessmentSchema } from './assessment.ts'

/**
 * The assessment as JSON: two spaces, LF, keys in the order of the published schema whatever order they were set in, so that the
 * same assessment is the same bytes. Keys that the schema does not name follow, sorted.
 */
export function renderJson(assessment: Assessment): string {
  return `${JSON.stringify(ordered(assessment, assessmentSchema), null, 2)}\n`
}

function ordered(value: unknown, schema: z.ZodType | undefined): unknown {
  const inner = unwrapped(schema)
  if (Array.isArray(value)) {
    const element = inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined
    return value.map(item => ordered(item, element))
  }
  if (value === null || typeof value !== 'object') return value
  const source = value as Record<string, unknown>
  const shape: Record<string, z.ZodType> = inner instanceof z.ZodObject ? inner.shape : {}
  const named = Object.keys(shape).filter(key => Object.hasOwn(source, key))
  const others = Object.keys(source).filter(key => !Object.hasOwn(shape, key))
  const entries = [...named, ...others.sort()].map(key => [key, ordered(source[key], shape[key])] as const)
  // fromEntries defines properties: a key named __proto__ stays data.
  return Object.fromEntries(entries)
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap() as z.ZodType
  return inner
}
