import { costOf, type Usage } from './prices.ts'

/** Limits of a whole run, resumed parts included. */
export interface Limits {
  /** Requests to the model. */
  steps: number
  /** Tokens in and out, cached ones included. */
  tokens: number
  /** US dollars. */
  dollars: number
  minutes: number
}

export interface Spent {
  steps: number
  tokens: number
  dollars: number
  minutes: number
}

export interface Budget {
  limits: Limits
  spent(): Spent
  /** Counts one answer. */
  spend(usage: Usage): void
  /** Why no further request may be made; undefined while one may. */
  exhausted(): string | undefined
  /** Which limit is nearly reached (80 %), once for each. */
  warning(): string | undefined
}

/** Share of a limit from which on it is warned of. */
const WARN_AT = 0.8

/**
 * @param before what earlier parts of the same run spent
 * @param clock milliseconds
 */
export function openBudget(model: string, limits: Limits, before?: Spent, clock: () => number = Date.now): Budget {
  const started = clock() - (before?.minutes ?? 0) * 60_000
  const counted = { steps: before?.steps ?? 0, tokens: before?.tokens ?? 0, dollars: before?.dollars ?? 0 }
  const warned = new Set<string>()
  const spent = (): Spent => ({ ...counted, minutes: (clock() - started) / 60_000 })
  const shares = (): [keyof Limits, number][] => {
    const now = spent()
    return (Object.keys(limits) as (keyof Limits)[]).map(name => [name, now[name] / limits[name]])
  }
  return {
    limits,
    spent,
    spend(usage) {
      counted.steps++
      counted.tokens +=
        usage.input_tokens +
        usage.output_tokens +
        (usage.cache_creation_input_tokens ?? 0) +
        (usage.cache_read_input_tokens ?? 0)
      counted.dollars += costOf(model, usage)
    },
    exhausted() {
      const name = shares().find(([, share]) => share >= 1)?.[0]
      return name && `the limit of ${shown(name, limits[name])} is reached`
    },
    warning() {
      const name = shares().find(([limit, share]) => share >= WARN_AT && !warned.has(limit))?.[0]
      if (!name) return undefined
      warned.add(name)
      return `${Math.round(WARN_AT * 100)} % of the limit of ${shown(name, limits[name])} is used`
    },
  }
}

function shown(name: keyof Limits, value: number): string {
  if (name === 'dollars') return `$${value.toFixed(2)}`
  return `${value.toLocaleString('en-US')} ${name}`
}
