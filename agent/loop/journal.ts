import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { UserError } from '../../tools/errors.ts'
import { maskSecrets } from '../mask.ts'
import type { Spent } from './budget.ts'

/** One line of the journal. `turn` and `results` are what a resumed run needs to go on without asking again. */
export type Entry =
  | { kind: 'start'; at: string; id: string; model: string; commit: string | null; limits: unknown }
  | { kind: 'turn'; talk: string; content: unknown[]; stop: string | null; spent: Spent }
  | { kind: 'results'; talk: string; content: unknown }
  | { kind: 'value'; name: string; value: unknown }
  | { kind: 'note'; text: string }
  | { kind: 'end'; outcome: string; spent: Spent }

export interface Journal {
  path: string
  entries: readonly Entry[]
  write(entry: Entry): void
  /** A value that was stored under a name, now or by the run that this one resumes. */
  value<T>(name: string): T | undefined
}

/**
 * Opens a journal: one JSON object a line, secrets masked, each line written when it happened. A last line that was cut off by a kill
 * is dropped.
 *
 * @throws UserError when it cannot be written
 */
export function openJournal(path: string): Journal {
  const entries: Entry[] = existsSync(path) ? readEntries(path) : []
  return {
    path,
    entries,
    write(entry) {
      const line = maskSecrets(JSON.stringify(entry))
      try {
        appendFileSync(path, `${line}\n`, { mode: 0o600 })
      } catch (error) {
        throw new UserError(
          `the journal cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
        )
      }
      // What was written is what a resumed run will read: both go on from the same.
      entries.push(parsed(line) ?? entry)
    },
    value: <T>(name: string) =>
      entries.findLast(
        (entry): entry is Extract<Entry, { kind: 'value' }> => entry.kind === 'value' && entry.name === name,
      )?.value as T | undefined,
  }
}

function readEntries(path: string): Entry[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  // Later lines would be glued to one that a kill has cut off.
  if (lines.at(-1) !== '') appendFileSync(path, '\n')
  return lines.flatMap(line => parsed(line) ?? [])
}

function parsed(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return value && typeof value === 'object' && 'kind' in value ? (value as Entry) : undefined
  } catch {
    return undefined
  }
}
