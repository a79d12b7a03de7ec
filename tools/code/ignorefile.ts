/** Patterns in .gitignore syntax, enough of it to leave generated and private files out of the walk. */
export interface IgnoreRule {
  /** Folder that the patterns are relative to, posix, "" for the audited folder. */
  base: string
  /** Patterns without a slash are compared with the name alone. */
  byName: boolean
  matches: (path: string) => boolean
  negated: boolean
  directoriesOnly: boolean
}

/** Longer lines are no patterns. */
const maxPatternLength = 1000

/** Rules of one ignore file, in their order; lines that cannot be understood are left out. */
export function parseIgnoreRules(text: string, base: string): IgnoreRule[] {
  const rules: IgnoreRule[] = []
  for (const raw of text.split(/\r?\n/)) {
    let line = raw.replace(/(?<!\\)\s+$/, '')
    if (line === '' || line.startsWith('#') || line.length > maxPatternLength) continue
    const negated = line.startsWith('!')
    if (negated) line = line.slice(1)
    const directoriesOnly = line.endsWith('/')
    if (directoriesOnly) line = line.slice(0, -1)
    const anchored = line.includes('/')
    const body = line.replace(/^\//, '')
    if (body === '') continue
    rules.push({ base, byName: !anchored, matches: compileGlob(body), negated, directoriesOnly })
  }
  return rules
}

/** Whether the rules (outermost first, the last match wins, as git does) leave this path out. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isDirectory: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index]!
    if (rule.directoriesOnly && !isDirectory) continue
    if (rule.base !== '' && !path.startsWith(`${rule.base}/`)) continue
    const subject = rule.byName ? name : rule.base === '' ? path : path.slice(rule.base.length + 1)
    if (rule.matches(subject)) return !rule.negated
  }
  return false
}

/** One step of a pattern: a literal, or what a character or path segment has to satisfy. `star` takes any number of them. */
type Step<T> = 'star' | ((item: T) => boolean)

const maxAlternatives = 64

/**
 * A glob with `*`, `**`, `?`, `[…]` and `{a,b}` as a predicate over posix paths. Not a regular expression: patterns come from
 * the audited repository, and this takes at most pattern × path steps whatever they are.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const patterns = expandBraces(glob).map(alternative => {
    const segments = alternative.split('/')
    // "a/**" is what lies in a, not a itself.
    if (segments.at(-1) === '**') segments.splice(-1, 1, '*', '**')
    return segments.map(segmentStep)
  })
  const [only] = patterns
  if (patterns.length === 1 && only!.length === 1 && only![0] !== 'star') {
    const single = only![0]!
    return path => !path.includes('/') && single(path)
  }
  return path => {
    const segments = path.split('/')
    return patterns.some(steps => matches(steps, segments))
  }
}

function segmentStep(segment: string): Step<string> {
  if (segment === '**') return 'star'
  if (segment === '*') return () => true
  if (!/[*?[\\]/.test(segment)) return item => item === segment
  const steps: Step<string>[] = []
  for (let index = 0; index < segment.length; index++) {
    const character = segment[index]!
    const classEnd = character === '[' ? segment.indexOf(']', index + 2) : -1
    if (character === '*') steps.push('star')
    else if (character === '?') steps.push(() => true)
    else if (classEnd !== -1) {
      steps.push(characterClass(segment.slice(index + 1, classEnd)))
      index = classEnd
    } else {
      const literal = character === '\\' && index + 1 < segment.length ? segment[++index]! : character
      steps.push(item => item === literal)
    }
  }
  return item => matches(steps, item)
}

function characterClass(body: string): Step<string> {
  const negated = /^[!^]/.test(body)
  const members = negated ? body.slice(1) : body
  return item => {
    for (let index = 0; index < members.length; index++) {
      const isRange = members[index + 1] === '-' && index + 2 < members.length
      const last = isRange ? members[index + 2]! : members[index]!
      if (item >= members[index]! && item <= last) return !negated
      if (isRange) index += 2
    }
    return negated
  }
}

/** Wildcard matching with one step back: only the last star can take more, so earlier ones are never tried again. */
function matches<T>(steps: readonly Step<T>[], items: ArrayLike<T>): boolean {
  let step = 0
  let item = 0
  let star = -1
  let taken = 0
  while (item < items.length) {
    const current = steps[step]
    if (current === 'star') {
      star = step++
      taken = item
    } else if (current?.(items[item]!)) {
      step++
      item++
    } else if (star !== -1) {
      step = star + 1
      item = ++taken
    } else return false
  }
  while (steps[step] === 'star') step++
  return step === steps.length
}

/** `a.{ts,tsx}` → ["a.ts", "a.tsx"]; a pattern with too many alternatives is left as it is. */
function expandBraces(glob: string): string[] {
  let expanded = [glob]
  for (;;) {
    const next = expanded.flatMap(pattern => {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
      if (braces === null) return [pattern]
      const [before, after] = [pattern.slice(0, braces.index), pattern.slice(braces.index + braces[0].length)]
      return braces[1]!.split(',').map(choice => before + choice + after)
    })
    if (next.length > maxAlternatives) return [glob]
    if (next.every(pattern => !/\{[^{}]*,[^{}]*\}/.test(pattern))) return next
    expanded = next
  }
}
