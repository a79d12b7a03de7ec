import type { FixInput } from '../../playbooks/playbook.ts'
import { matcherOf } from '../glob.ts'

/** Where GitHub looks for it, in its order. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

/** Who owns a file by the repository's CODEOWNERS: the last rule that matches. Empty without one. */
export function ownersOf(source: FixInput['source']): (file: string) => string[] {
  const text = PLACES.map(source).find(found => found !== undefined) ?? ''
  const rules = text.split(/\r?\n/).flatMap(line => {
    const [pattern, ...owners] = line.replace(/#.*$/, '').trim().split(/\s+/)
    return pattern
      ? [{ matches: matcherOf(globs(pattern)), owners: owners.filter(owner => /^@?[\w.@/+-]+$/.test(owner)) }]
      : []
  })
  return file => rules.findLast(({ matches }) => matches(file))?.owners ?? []
}

/** A pattern without a slash matches in every folder. */
function globs(pattern: string): string[] {
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '')
  return pattern.replace(/\/$/, '').includes('/') ? [bare] : [bare, `**/${bare}`]
}
