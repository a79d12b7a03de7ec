/** Patterns in .gitignore syntax, enough of it to leave generated and private files out of the walk. */
export interface IgnoreRule {
  /** Folder that the patterns are relative to, posix, "" for the audited folder. */
  base: string
  pattern: RegExp
  negated: boolean
  directoriesOnly: boolean
}

/** Beyond these a line is no pattern but an attempt to keep the regular expression engine busy. */
const maxPatternLength = 300
const maxWildcards = 8

/** Rules of one ignore file, in their order; lines that cannot be understood are left out. */
export function parseIgnoreRules(text: string, base: string): IgnoreRule[] {
  const rules: IgnoreRule[] = []
  for (const raw of text.split(/\r?\n/)) {
    let line = raw.replace(/(?<!\\)\s+$/, '')
    if (line === '' || line.startsWith('#') || line.length > maxPatternLength) continue
    if (line.split(/\*+/).length - 1 > maxWildcards) continue
    const negated = line.startsWith('!')
    if (negated) line = line.slice(1)
    const directoriesOnly = line.endsWith('/')
    if (directoriesOnly) line = line.slice(0, -1)
    const anchored = line.includes('/')
    const body = line.replace(/^\//, '')
    if (body === '') continue
    rules.push({ base, pattern: globToRegExp(anchored ? body : `**/${body}`), negated, directoriesOnly })
  }
  return rules
}

/** Whether the rules (outermost first, the last match wins, as git does) leave this path out. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isDirectory: boolean): boolean {
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index]!
    if (rule.directoriesOnly && !isDirectory) continue
    if (rule.base !== '' && !path.startsWith(`${rule.base}/`)) continue
    if (rule.pattern.test(rule.base === '' ? path : path.slice(rule.base.length + 1))) return !rule.negated
  }
  return false
}

/** A glob with `*`, `**`, `?`, `[…]` and `{a,b}` as an anchored regular expression over a posix path. */
export function globToRegExp(glob: string): RegExp {
  let source = ''
  let braces = 0
  for (let index = 0; index < glob.length; index++) {
    const character = glob[index]!
    if (character === '*' && glob[index + 1] === '*') {
      const slashFollows = glob[index + 2] === '/'
      source += slashFollows ? '(?:[^/]+/)*' : '.*'
      index += slashFollows ? 2 : 1
      while (!slashFollows && glob[index + 1] === '*') index++
    } else if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (character === '{') {
      source += '(?:'
      braces++
    } else if (character === '}' && braces > 0) {
      source += ')'
      braces--
    } else if (character === ',' && braces > 0) source += '|'
    else if (character === '[') {
      const end = glob.indexOf(']', index + 2)
      if (end === -1) source += '\\['
      else {
        source += `[${glob
          .slice(index + 1, end)
          .replace(/^!/, '^')
          .replace(/[\\[]/g, '\\$&')}]`
        index = end
      }
    } else if (character === '\\' && index + 1 < glob.length) source += escapeRegExp(glob[++index]!)
    else source += escapeRegExp(character)
  }
  try {
    return new RegExp(`^${source}${')'.repeat(braces)}$`)
  } catch {
    return /^(?!)/
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
