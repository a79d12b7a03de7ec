/** Control characters, line separators and bidirectional overrides: what a hostile name or message could do to a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/** The text as one printable line of at most `limit` characters. */
export function oneLine(text: string, limit = 500): string {
  const flat = text.replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim()
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat
}

/** Order of code units: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The candidates nearest to what was typed, best first; none when all are far away. */
export function nearMisses(typed: string, candidates: readonly string[], limit = 3): string[] {
  const wanted = typed.toLowerCase()
  return candidates
    .map(candidate => ({ candidate, distance: nearness(wanted, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance || compareText(a.candidate, b.candidate))
    .slice(0, limit)
    .map(({ candidate }) => candidate)
}

/** Edit distance, to the whole name or to its part behind the slash; a contained word counts as close. */
function nearness(wanted: string, candidate: string): number {
  const tail = candidate.slice(candidate.indexOf('/') + 1)
  if (wanted.length >= 3 && candidate.includes(wanted)) return 1
  return Math.min(editDistance(wanted, candidate), editDistance(wanted, tail))
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(substitution, row[j]! + 1, next[j - 1]! + 1)
    }
    row = next
  }
  return row[b.length]!
}
