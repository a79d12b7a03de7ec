/** US dollars for a million tokens. */
export interface Price {
  input: number
  output: number
  /** Writing the prompt cache (five minutes) and reading it. */
  cacheWrite: number
  cacheRead: number
}

/**
 * By the beginning of the model's name, longest first. https://platform.claude.com/docs/en/about-claude/pricing (read on 2026-11-22).
 * A model that is not here is priced like the dearest, so that a budget errs to the safe side.
 */
const PRICES: [name: string, price: Price][] = [
  ['claude-opus-5-5', { input: 4, output: 20, cacheWrite: 5, cacheRead: 0.2 }],
  ['claude-opus', { input: 5, output: 25, cacheWrite: 6.25, cacheRead: 0.5 }],
  ['claude-sonnet-5-5', { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.1 }],
  ['claude-sonnet-5', { input: 2, output: 10, cacheWrite: 2.5, cacheRead: 0.2 }],
  ['claude-sonnet', { input: 3, output: 15, cacheWrite: 3.75, cacheRead: 0.3 }],
  // Prompts above 100,000 tokens; shorter ones cost a fifth.
  ['claude-haiku-5-5', { input: 0.5, output: 2.5, cacheWrite: 0.625, cacheRead: 0.05 }],
  ['claude-haiku', { input: 1, output: 5, cacheWrite: 1.25, cacheRead: 0.1 }],
]

const DEAREST: Price = { input: 15, output: 75, cacheWrite: 18.75, cacheRead: 1.5 }

export function priceOf(model: string): Price {
  return PRICES.find(([name]) => model.startsWith(name))?.[1] ?? DEAREST
}

/** Tokens of one answer, as the API counts them. */
export interface Usage {
  input_tokens: number
  output_tokens: number
  cache_creation_input_tokens?: number | null
  cache_read_input_tokens?: number | null
}

/** US dollars. */
export function costOf(model: string, usage: Usage): number {
  const { input, output, cacheWrite, cacheRead } = priceOf(model)
  const sum =
    usage.input_tokens * input +
    usage.output_tokens * output +
    (usage.cache_creation_input_tokens ?? 0) * cacheWrite +
    (usage.cache_read_input_tokens ?? 0) * cacheRead
  return sum / 1_000_000
}
