import type { z } from 'zod'

/**
 * A tool as data: what it is called, takes and gives, and what it does to the world. The runtime binds it to code (agent/server).
 * All four hints are required: a client decides by them whether to ask its user first.
 */
export interface ToolDefinition<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  name: string
  title: string
  /** For a model: when to use it and what comes back. */
  description: string
  input: I
  output: O
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }
}

/** Only reads the checkout. */
export const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const

/** Adds something of its own (a local branch) and takes nothing away; the same call again adds nothing. */
export const ADDS = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false } as const

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(tool: ToolDefinition<I, O>) {
  return tool
}
