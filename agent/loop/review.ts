import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import { z } from 'zod'
import type { AssessmentFinding } from '../../reports/assessment.ts'
import { area, severity } from '../../tools/assessment/tool.ts'
import { readLines } from '../server/files.ts'
import { fenced, inline } from '../server/text.ts'
import { oneLine } from '../text.ts'
import { type Line, type Told, talk } from './talk.ts'

const place = {
  file: z.string().describe('Path relative to the audited folder'),
  line: z.number().int(),
  quote: z.string().describe('One line of that file, exactly as it stands there'),
}

export const reviewShape = z.object({
  verdicts: z.array(
    z.object({
      key: z.string(),
      verdict: z.enum(['confirmed', 'refuted', 'unsure']),
      reason: z.string(),
      ...place,
    }),
  ),
  added: z.array(z.object({ area, severity, title: z.string(), reason: z.string(), ...place })),
})

export interface Review {
  verdicts: { key: string; verdict: 'confirmed' | 'refuted' | 'unsure'; reason: string; place: string }[]
  added: { area: string; severity: string; title: string; reason: string; place: string }[]
  /** What the model said and nobody could check: it counts for nothing. */
  dropped: { what: string; why: string }[]
}

/** Findings that are shown to the model in one conversation. */
const MOST_FINDINGS = 20

/**
 * Lets the model confirm or refute findings and add what they miss. It is believed only where its quote stands in the file, at the
 * line it names (give or take three); the rest is dropped, and said to be.
 */
export async function review(
  line: Line,
  {
    root,
    findings,
    tools,
    system,
  }: { root: string; findings: readonly AssessmentFinding[]; tools: BetaRunnableTool[]; system: string },
): Promise<Told<Review>> {
  const shown = findings.filter(({ status }) => status === 'open').slice(0, MOST_FINDINGS)
  const list = shown.map(({ key, severity: level, title, location }) =>
    inline(`${key} | ${level} | ${title} | ${location.file}:${location.line}`, 400),
  )
  const told = await talk(line, {
    name: 'review',
    system,
    prompt: `These are the ${shown.length} most severe of ${findings.length} findings, as key | severity | title | place:\n\n${fenced(list.join('\n'))}\n\nGive a verdict on each, and add what you find beside them.`,
    tools,
    answer: reviewShape,
    steps: 30,
  })
  return 'stopped' in told ? told : { value: checked(root, told.value, new Set(shown.map(({ key }) => key))) }
}

/** Only what can be seen in the files. */
export function checked(
  root: string,
  { verdicts, added }: z.output<typeof reviewShape>,
  keys: ReadonlySet<string>,
): Review {
  const result: Review = { verdicts: [], added: [], dropped: [] }
  for (const { key, verdict, reason, ...where } of verdicts) {
    const wrong = !keys.has(key)
      ? 'there is no such finding'
      : verdict === 'unsure'
        ? undefined
        : misquoted(root, where)
    if (wrong) result.dropped.push({ what: oneLine(`${verdict} ${key}`, 160), why: wrong })
    else
      result.verdicts.push({ key, verdict, reason: inline(reason, 400), place: inline(`${where.file}:${where.line}`) })
  }
  for (const { title, reason, area: of, severity: level, ...where } of added) {
    const wrong = misquoted(root, where)
    if (wrong) result.dropped.push({ what: oneLine(title, 160), why: wrong })
    else
      result.added.push({
        area: of,
        severity: level,
        title: inline(title, 200),
        reason: inline(reason, 400),
        place: inline(`${where.file}:${where.line}`),
      })
  }
  return result
}

/** Lines that a quote may be away from where it is said to stand. */
const SLACK = 3

/** Why a quote proves nothing; undefined when it stands in the file. Blank space at the ends does not count. */
export function misquoted(
  root: string,
  { file, line, quote }: { file: string; line: number; quote: string },
): string | undefined {
  const wanted = quote.trim()
  if (wanted.length < 8) return 'the quote is too short to prove anything'
  try {
    const lines = readLines(root, file)
    const near = lines.slice(Math.max(0, line - 1 - SLACK), line + SLACK)
    return near.some(text => text.trim() === wanted || (wanted.length >= 20 && text.includes(wanted)))
      ? undefined
      : 'the quote does not stand there'
  } catch (error) {
    return oneLine(error instanceof Error ? error.message : String(error), 120)
  }
}
