import { outcomeTable } from '../../reports/change.ts'
import type { BuildOptions } from '../commands/build.ts'
import { loadConfig } from '../config.ts'
import { EXIT } from '../exit.ts'
import { auditedFolder } from '../folders.ts'
import { type BuildResult, build } from '../phases/build.ts'
import { createProgress } from '../progress.ts'
import { oneLine } from '../text.ts'
import { CHANGES_FOLDER } from './store.ts'

/**
 * `agent build`: from the options to the exit code.
 *
 * @throws UserError for anything the user can put right
 */
export async function runBuild(dir: string, options: BuildOptions, signal: AbortSignal): Promise<number> {
  const root = auditedFolder(dir)
  const config = await loadConfig(root, options.config)
  const silent = options.json === true || options.quiet === true
  const result = await build({
    root,
    config,
    ...(options.item === undefined ? {} : { item: options.item }),
    cache: options.cache,
    shadow: options.shadow,
    progress: createProgress({ quiet: silent, stream: process.stderr, env: process.env }),
    signal,
  })
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : summary(result))
  return result.records.some(({ outcome }) => outcome === 'failed') ? EXIT.couldNotRun : EXIT.fine
}

function summary(result: BuildResult): string {
  const { records, withoutFix } = result
  const parts = [
    ...notes(result).map(note => `Note: ${note}`),
    records.length > 0 ? outcomeTable(records) : 'No open finding has a fix that can be written without judgement.',
    ...(records.length > 0 ? [`${counted(records)}. Records and pull request texts: ${CHANGES_FOLDER}/`] : []),
    ...(Object.keys(withoutFix).length > 0
      ? [`No known fix, see agent explain <playbook>: ${listed(withoutFix)}`]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** What the user may not expect about the base. */
function notes({ base, branch, shallow, uncommitted }: BuildResult): string[] {
  const short = base.slice(0, 9)
  return [
    ...(branch === null ? [`HEAD is detached; the branches stand on ${short}.`] : []),
    ...(shallow ? ['this is a shallow clone; the branches stand on its last commit, and can be pushed.'] : []),
    ...(uncommitted.length > 0
      ? [
          `uncommitted work is not included (${some(uncommitted)}); the branches stand on ${branch ?? 'HEAD'} at ${short}.`,
        ]
      : []),
  ]
}

function some(paths: readonly string[]): string {
  const shown = paths
    .slice(0, 3)
    .map(path => oneLine(path, 100))
    .join(', ')
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown
}

function counted(records: BuildResult['records']): string {
  const counts = new Map<string, number>()
  for (const { outcome } of records) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([playbook, count]) => `${playbook} ${count}`)
    .join(', ')
}
