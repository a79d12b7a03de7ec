import type { z } from 'zod'
import type { ToolDefinition } from '../../tools/tool.ts'
import type { Call, Session } from './session.ts'

/** A tool's definition with the code behind it. */
export interface Binding {
  tool: ToolDefinition
  /** Changes the repository (a local branch): there only with --allow-write. */
  writes: boolean
  /** @throws UserError for what the caller can put right */
  run(input: unknown, session: Session, call: Call): Promise<Record<string, unknown>>
}

/** Binds a tool to its code; what it takes and gives is checked by the definition's types. */
export function bind<I extends z.ZodObject, O extends z.ZodObject>(
  tool: ToolDefinition<I, O>,
  run: (input: z.output<I>, session: Session, call: Call) => Promise<z.input<O>>,
): Binding {
  return {
    tool: tool as unknown as ToolDefinition,
    writes: !tool.annotations.readOnlyHint,
    run: (input, session, call) => run(input as z.output<I>, session, call) as Promise<Record<string, unknown>>,
  }
}
