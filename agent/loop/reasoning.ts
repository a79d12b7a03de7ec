import { z } from 'zod'
import type { PlannedChange } from '../changes/plan.ts'
import { fenced, inline } from '../server/text.ts'
import { type Line, type Told, talk } from './talk.ts'

export const reasoningShape = z.object({
  changes: z.array(z.object({ key: z.string(), reasoning: z.string().describe('Two or three sentences') })),
})

export interface Reasoning {
  changes: { key: string; reasoning: string }[]
  dropped: { what: string; why: string }[]
}

/**
 * Why each change comes where it does, in the model's words. Numbers must stand in what it was given: a sentence with another one
 * is left out.
 */
export async function reason(line: Line, planned: readonly PlannedChange[], system: string): Promise<Told<Reasoning>> {
  const changes = planned.flatMap(({ outcome }) => ('change' in outcome ? [outcome.change] : []))
  if (changes.length === 0) return { value: { changes: [], dropped: [] } }
  const evidence = changes.map(({ key, title, summary }) => `${key} | ${inline(title)} | ${inline(summary, 600)}`)
  const told = await talk(line, {
    name: 'reasoning',
    system,
    prompt: `These are the changes of the plan, as key | title | summary:\n\n${fenced(evidence.join('\n'))}\n\nFor each: why it matters at 10,000 users, what it depends on, and what a reviewer should look at. Use only numbers that stand above.`,
    tools: [],
    answer: reasoningShape,
    steps: 3,
  })
  if ('stopped' in told) return told
  const known = new Map(changes.map(({ key }, index) => [key, evidence[index] ?? '']))
  const result: Reasoning = { changes: [], dropped: [] }
  for (const { key, reasoning } of told.value.changes) {
    const source = known.get(key)
    if (source === undefined) {
      result.dropped.push({ what: inline(key, 60), why: 'there is no such change' })
      continue
    }
    const { kept, dropped } = withKnownNumbers(reasoning, `${source} 10,000 10000`)
    for (const what of dropped)
      result.dropped.push({ what: inline(what, 160), why: 'a number in it comes from nowhere' })
    if (kept !== '') result.changes.push({ key, reasoning: inline(kept, 800) })
  }
  return { value: result }
}

/** The sentences whose numbers all stand in the source. */
export function withKnownNumbers(text: string, source: string): { kept: string; dropped: string[] } {
  const known = new Set(numbersIn(source))
  const sentences = text.split(/(?<=[.!?])\s+/)
  const good = (sentence: string): boolean => numbersIn(sentence).every(number => known.has(number))
  return { kept: sentences.filter(good).join(' ').trim(), dropped: sentences.filter(sentence => !good(sentence)) }
}

function numbersIn(text: string): string[] {
  return (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map(number => number.replaceAll(',', '').replace(/\.0+$/, ''))
}
