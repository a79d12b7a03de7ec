import { createHash } from 'node:crypto'
import { posix } from 'node:path'

/** What Drizzle keeps beside the SQL: a journal that decides what runs, and a snapshot for each entry. */

interface JournalEntry {
  idx: number
  version: string
  when: number
  tag: string
  breakpoints: boolean
}

/**
 * The journal with new entries, and a snapshot for each. Drizzle applies an entry only when its `when` is later than that of the last
 * one applied. A migration that its schema file does not know has the snapshot of its predecessor (as `generate --custom` makes it).
 */
export function journalFiles(
  folder: string,
  tags: readonly string[],
  now: number,
  source: (path: string) => string | undefined,
): { files: Record<string, string> } | { declined: string } {
  const path = posix.join(folder, 'meta/_journal.json')
  const text = source(path)
  const journal =
    text === undefined ? undefined : (parse(text) as { version?: string; entries?: JournalEntry[] } | undefined)
  if (!text || !journal || !Array.isArray(journal.entries)) return { declined: `${path} could not be read` }
  const files: Record<string, string> = {}
  let last = journal.entries.at(-1)
  for (const tag of tags) {
    const idx = (last?.idx ?? -1) + 1
    const entry: JournalEntry = {
      idx,
      version: last?.version ?? journal.version ?? '7',
      when: Math.max(now, (last?.when ?? 0) + 1),
      tag,
      breakpoints: last?.breakpoints ?? true,
    }
    Object.assign(
      files,
      snapshot(folder, last, entry, path => files[path] ?? source(path)),
    )
    journal.entries.push(entry)
    last = entry
  }
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? '  '
  files[path] = `${JSON.stringify(journal, null, indent)}${text.endsWith('\n') ? '\n' : ''}`
  return { files }
}

function snapshot(
  folder: string,
  last: JournalEntry | undefined,
  entry: JournalEntry,
  source: (path: string) => string | undefined,
): Record<string, string> {
  if (!last) return {}
  const name = (tag: string): string => posix.join(folder, 'meta', `${tag.split('_')[0]}_snapshot.json`)
  const before = source(name(last.tag))
  const id = before === undefined ? undefined : /"id"\s*:\s*"([0-9a-f-]{36})"/.exec(before)?.[1]
  if (before === undefined || id === undefined) return {}
  const hash = createHash('sha256').update(`${id}\n${entry.tag}`).digest('hex')
  const own = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  const after = before
    .replace(/("id"\s*:\s*")[0-9a-f-]{36}"/, `$1${own}"`)
    .replace(/("prevId"\s*:\s*")[0-9a-f-]{36}"/, `$1${id}"`)
  return { [name(entry.tag)]: after }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
