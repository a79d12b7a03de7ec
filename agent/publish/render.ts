import type { Published } from './outcome.ts'
import type { Publishable } from './publish.ts'
import type { PublishResult } from './run.ts'

const ATTENTION = new Set<Published['outcome']>(['failed', 'rejected', 'foreign-commits', 'base-moved'])

/** What became of each change, for a terminal; with `shown`, the bodies of their pull requests. */
export function renderPublished(result: PublishResult, shown: readonly Publishable[], color: boolean): string {
  const { owner, name } = result.repository
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const head = `${owner}/${name}: ${result.dryRun ? 'dry run, nothing was written' : 'done'}`
  const lines = result.changes.flatMap(({ outcome, title, branch, detail, url }) => [
    `${paint(ATTENTION.has(outcome) ? 33 : 1, outcome.padEnd(WIDTH))} ${title}`,
    `${' '.repeat(WIDTH)} ${paint(2, [branch, detail, url].filter(Boolean).join(' · '))}`,
  ])
  const bodies = shown.flatMap(({ change, body }) => ['', paint(1, `── ${change.title}`), '', body])
  const hint = result.dryRun && result.changes.some(({ outcome }) => outcome.startsWith('would-'))
  return `${[paint(1, head), '', ...lines, ...bodies, ...(hint ? ['', 'Write it to GitHub with --yes.'] : [])].join('\n')}\n`
}

const WIDTH = 'closed-by-person'.length
