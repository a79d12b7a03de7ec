import type Anthropic from '@anthropic-ai/sdk'
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import type { BetaMessage, BetaMessageParam, BetaToolUseBlock } from '@anthropic-ai/sdk/resources/beta'
import { z } from 'zod'
import { AbortedError } from '../../tools/errors.ts'
import { oneLine } from '../text.ts'
import type { Budget } from './budget.ts'
import type { Journal } from './journal.ts'

/** What all conversations of a run share. */
export interface Line {
  client: Anthropic
  model: string
  budget: Budget
  journal: Journal
  signal: AbortSignal
  /** Tells the user what is going on. */
  tell(text: string): void
}

export interface Talk<T extends z.ZodType> {
  /** Unique in the run; by it a resumed run finds what was said. */
  name: string
  system: string
  prompt: string
  tools: BetaRunnableTool[]
  /** Shape of the final answer. */
  answer: T
  /** Requests that this conversation may take. */
  steps: number
}

export type Told<T> = { value: T } | { stopped: string }

/** Tokens of one answer; streaming, so there is no time limit on it. */
const MAX_TOKENS = 16_000

/** Requests that break after their headers, one after the other; the SDK retries only what breaks before. */
const MAX_BROKEN = 3

/** Answers of a wrong shape that the model is asked to mend. */
const MAX_MISSHAPEN = 2

/**
 * One conversation with tools, to its structured answer. Every turn is in the journal before the next is asked for: after a kill,
 * the same talk goes on where it was, and no paid answer is asked for twice.
 */
export async function talk<T extends z.ZodType>(line: Line, asked: Talk<T>): Promise<Told<z.output<T>>> {
  let broken = 0
  let misshapen = 0
  for (;;) {
    const messages = history(line.journal, asked)
    const last = lastTurn(line.journal, asked.name)
    const open = last ? callsOf(last.content) : []
    if (last && last.stop !== 'pause_turn' && open.length === 0 && endsWithAnswer(messages)) {
      const answer = answerOf(last, asked.answer)
      if ('value' in answer || !answer.mend) return answer
      if (++misshapen > MAX_MISSHAPEN) return { stopped: answer.stopped }
      line.journal.write({
        kind: 'results',
        talk: asked.name,
        content: `Your answer does not fit: ${answer.stopped}. Give it again.`,
      })
      continue
    }
    if (open.length > 0 && endsWithAnswer(messages)) {
      // Killed between the answer and its tools. They only read: running them again is safe.
      line.journal.write({
        kind: 'results',
        talk: asked.name,
        content: await resultsOf(open, asked.tools, line.signal),
      })
      continue
    }
    const stop =
      line.budget.exhausted() ??
      (turns(line.journal, asked.name) >= asked.steps ? `${asked.steps} steps did not suffice` : undefined)
    if (stop) return { stopped: stop }
    try {
      await converse(line, asked, messages)
      broken = 0
    } catch (error) {
      if (line.signal.aborted) throw new AbortedError()
      const why = await whyBroken(error)
      if (why.final || ++broken >= MAX_BROKEN) return { stopped: why.text }
      line.journal.write({ kind: 'note', text: `${asked.name}: ${why.text}; asked again` })
    }
  }
}

/** Runs the SDK's tool loop from here on, until it ends or a limit is reached. */
async function converse<T extends z.ZodType>(line: Line, asked: Talk<T>, messages: BetaMessageParam[]): Promise<void> {
  const { client, model, budget, journal, signal, tell } = line
  const runner = client.beta.messages.toolRunner(
    {
      model,
      max_tokens: MAX_TOKENS,
      stream: true,
      // The whole history each time: works with gateways, and the journal is the only memory.
      thread: false,
      system: [{ type: 'text', text: asked.system, cache_control: { type: 'ephemeral' } }],
      messages,
      tools: asked.tools,
      output_config: { format: { type: 'json_schema', schema: jsonSchemaOf(asked.answer) } },
      max_iterations: Math.max(1, asked.steps),
    },
    { signal },
  )
  for await (const stream of runner) {
    const message = await stream.finalMessage()
    budget.spend(message.usage)
    journal.write({
      kind: 'turn',
      talk: asked.name,
      content: message.content,
      stop: message.stop_reason,
      spent: budget.spent(),
    })
    const warning = budget.warning()
    if (warning) tell(warning)
    // After max_tokens a call may be cut off in its middle: what it says is not what was meant.
    if (message.stop_reason !== 'tool_use') return
    for (const { name } of callsOf(message.content)) tell(`${asked.name}: ${name}`)
    const results = await runner.generateToolResponse()
    if (results) journal.write({ kind: 'results', talk: asked.name, content: results.content })
    if (budget.exhausted() || turns(journal, asked.name) >= asked.steps) return
  }
}

type Turn = { content: BetaMessage['content']; stop: string | null }

function turnsOf(journal: Journal, name: string): Turn[] {
  return journal.entries.flatMap(entry =>
    entry.kind === 'turn' && entry.talk === name
      ? [{ content: entry.content as BetaMessage['content'], stop: entry.stop }]
      : [],
  )
}

function turns(journal: Journal, name: string): number {
  return turnsOf(journal, name).length
}

function lastTurn(journal: Journal, name: string): Turn | undefined {
  return turnsOf(journal, name).at(-1)
}

/** The conversation so far, as the API wants it. */
function history<T extends z.ZodType>(journal: Journal, { name, prompt }: Talk<T>): BetaMessageParam[] {
  const messages: BetaMessageParam[] = [{ role: 'user', content: prompt }]
  for (const entry of journal.entries) {
    if (entry.kind === 'turn' && entry.talk === name && entry.content.length > 0)
      messages.push({ role: 'assistant', content: entry.content as BetaMessage['content'] })
    if (entry.kind === 'results' && entry.talk === name)
      messages.push({ role: 'user', content: entry.content as Extract<BetaMessageParam, { role: 'user' }>['content'] })
  }
  return messages
}

function endsWithAnswer(messages: readonly BetaMessageParam[]): boolean {
  return messages.at(-1)?.role === 'assistant'
}

function callsOf(content: readonly { type: string }[]): BetaToolUseBlock[] {
  return content.filter((block): block is BetaToolUseBlock => block.type === 'tool_use')
}

async function resultsOf(calls: readonly BetaToolUseBlock[], tools: readonly BetaRunnableTool[], signal: AbortSignal) {
  return Promise.all(
    calls.map(async call => {
      const tool = tools.find(candidate => 'name' in candidate && candidate.name === call.name)
      try {
        if (!tool) throw new Error(`Tool '${call.name}' not found`)
        const content = await tool.run(tool.parse(call.input), { toolUse: call, toolUseBlock: call, signal })
        return { type: 'tool_result' as const, tool_use_id: call.id, content }
      } catch (error) {
        const content = `Error: ${error instanceof Error ? error.message : String(error)}`
        return { type: 'tool_result' as const, tool_use_id: call.id, content, is_error: true }
      }
    }),
  )
}

function answerOf<T extends z.ZodType>(
  { content, stop }: Turn,
  shape: T,
): { value: z.output<T> } | { stopped: string; mend: boolean } {
  if (stop === 'refusal') return { stopped: 'the model refused to answer', mend: false }
  if (stop === 'max_tokens' || stop === 'model_context_window_exceeded')
    return { stopped: 'the answer was too long and cut off', mend: false }
  const text = content.flatMap(block => (block.type === 'text' ? [block.text] : [])).join('')
  try {
    const parsed = shape.safeParse(JSON.parse(text))
    if (parsed.success) return { value: parsed.data }
    const [issue] = parsed.error.issues
    return { stopped: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`, mend: true }
  } catch {
    return { stopped: 'it is no JSON', mend: true }
  }
}

/** As the API takes it: closed objects, no limits on numbers and lengths (zod checks those afterwards). */
export function jsonSchemaOf(shape: z.ZodType): Record<string, unknown> {
  const schema = z.toJSONSchema(shape, { io: 'input' })
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain)
    if (value === null || typeof value !== 'object') return value
    const kept = Object.entries(value).filter(([key]) => !LIMITS_OF_SCHEMAS.has(key))
    const object = Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)]))
    return object.type === 'object' ? { ...object, additionalProperties: false } : object
  }
  return plain(schema) as Record<string, unknown>
}

const LIMITS_OF_SCHEMAS = new Set(
  '$schema minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems pattern default'.split(
    ' ',
  ),
)

/** One line about a request that failed, and whether asking again is pointless. */
async function whyBroken(error: unknown): Promise<{ text: string; final: boolean }> {
  const { default: sdk } = await import('@anthropic-ai/sdk')
  const message = oneLine(error instanceof Error ? error.message : String(error), 200)
  if (error instanceof sdk.AuthenticationError)
    return { text: 'the API does not accept the key; check ANTHROPIC_API_KEY', final: true }
  if (error instanceof sdk.PermissionDeniedError) return { text: `the key may not do this (${message})`, final: true }
  if (error instanceof sdk.NotFoundError)
    return { text: 'there is no such model, or the key may not use it; choose another with --model', final: true }
  if (error instanceof sdk.BadRequestError) {
    const credit = /credit balance|billing/i.test(message)
    return {
      text: credit ? 'the account has no credit left; nothing is lost, resume the run later' : message,
      final: true,
    }
  }
  if (error instanceof sdk.RateLimitError)
    return { text: 'the rate limit is used up; nothing is lost, resume the run later', final: true }
  // 5xx and 529 were tried again by the SDK already.
  if (error instanceof sdk.APIError && error.status !== undefined && error.status >= 500)
    return {
      text: `the API is overloaded or down (${error.status}); nothing is lost, resume the run later`,
      final: true,
    }
  return { text: `the connection broke (${message})`, final: false }
}
