/**
 * Does a posix path match a glob? `*` and `?` stay within a folder, `**` crosses folders, `{a,b}` are alternatives,
 * and a pattern that names a folder covers everything below it.
 *
 * Written here because the two things that matter are not to be had from the usual libraries: brackets and parentheses are
 * plain characters (Next.js folders are called `[slug]` and `(shop)`), and no pattern, however hostile, takes long.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return matcherOf([pattern])(path)
}

/** Whether a path matches any of the globs: for many paths, since the globs are taken apart once. */
export function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const alternatives = patterns.flatMap(pattern =>
    expandBraces(pattern.replace(/^\.\//, '').replace(/\/+$/, '')).map(plain => plain.split('/')),
  )
  return path => {
    const segments = path.split('/')
    return alternatives.some(alternative => matchesSegments(alternative, segments))
  }
}

/** At most this many alternatives are looked at: `{a,b}{a,b}{a,b}…` must not explode. */
const MAX_ALTERNATIVES = 64

function expandBraces(pattern: string): string[] {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0 && done.length + open.length <= MAX_ALTERNATIVES) {
    const next = open.pop()!
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(next)
    if (!braces) {
      done.push(next)
      continue
    }
    const before = next.slice(0, braces.index)
    const after = next.slice(braces.index + braces[0].length)
    for (const alternative of braces[1]!.split(',')) open.push(before + alternative + after)
  }
  return [...done, ...open]
}

function matchesSegments(pattern: string[], path: string[]): boolean {
  return wildcard(pattern, path, segment => segment === '**', matchesSegment, true)
}

function matchesSegment(pattern: string, name: string): boolean {
  if (!pattern.includes('*') && !pattern.includes('?')) return pattern === name
  return wildcard(
    [...pattern],
    [...name],
    char => char === '*',
    (char, other) => char === '?' || char === other,
    false,
  )
}

/**
 * Greedy matching with one point to fall back to: at most length × length steps.
 * `prefix`: a pattern that is used up matches whatever follows (a folder covers its files).
 */
function wildcard<T>(
  pattern: T[],
  items: T[],
  isWild: (part: T) => boolean,
  matches: (part: T, item: T) => boolean,
  prefix: boolean,
): boolean {
  let p = 0
  let i = 0
  let wildAt = -1
  let resumeAt = 0
  while (i < items.length) {
    if (p < pattern.length && isWild(pattern[p]!)) {
      wildAt = p++
      resumeAt = i
    } else if (p < pattern.length && matches(pattern[p]!, items[i]!)) {
      p++
      i++
      if (prefix && p === pattern.length) return true
    } else if (wildAt >= 0) {
      p = wildAt + 1
      i = ++resumeAt
    } else return false
  }
  while (p < pattern.length && isWild(pattern[p]!)) p++
  return p === pattern.length
}
