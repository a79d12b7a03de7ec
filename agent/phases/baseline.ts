import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../tools/errors.ts'
import { syntaxError } from '../json.ts'
import { oneLine } from '../text.ts'

/** Larger than the assessment of any repository that was seen (the largest: 4 MB). */
const MAX_BYTES = 200 * 1024 * 1024

/** All that is asked of an earlier assessment: a later version may add to it. */
const earlier = z.object({ formatVersion: z.literal(1), findings: z.array(z.object({ key: z.string() })) })

/**
 * Keys of the findings of an earlier assessment.json, whatever their status was.
 *
 * @param file what stood behind --baseline, relative to the working directory
 * @throws UserError when it is not an assessment
 */
export function readBaseline(file: string): Set<string> {
  const label = `--baseline ${oneLine(file, 200)}`
  const text = readText(resolve(file), label)
  if (syntaxError(text)) throw new UserError(`${label}: is not JSON; give an assessment.json of an earlier run`)
  const parsed = earlier.safeParse(JSON.parse(text.replace(/^\ufeff/, '')))
  if (!parsed.success) throw new UserError(`${label}: is no assessment; give an assessment.json of an earlier run`)
  return new Set(parsed.data.findings.map(({ key }) => key))
}

function readText(path: string, label: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) throw new UserError(`${label}: is too large for an assessment`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${label}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  }
}
