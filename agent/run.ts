import { join, relative, resolve, sep } from 'node:path'
import { SEVERITIES } from '../playbooks/finding.ts'
import type { Assessment } from '../reports/assessment.ts'
import { FORMATS, type Format, renderers } from '../reports/format.ts'
import { UserError } from '../tools/errors.ts'
import { wantsColor } from './color.ts'
import type { AssessOptions } from './commands/assess.ts'
import type { Threshold } from './commands/options.ts'
import { loadConfig } from './config.ts'
import { EXIT } from './exit.ts'
import { auditedFolder, makeFolder, makeIgnoredFolder, REPORT_FOLDER, writeFilesAtomically } from './folders.ts'
import { liveOptions } from './live.ts'
import { LIVE_DATABASE, refuseUnread } from './phases/gaps.ts'
import { assessInThread } from './phases/thread.ts'
import { createProgress } from './progress.ts'

/** `--out -`: the one report goes to stdout. */
const STDOUT = '-'

/**
 * `agent assess`: from the options to the exit code. Cheap mistakes are told before the slow work begins.
 *
 * @throws UserError for anything the user can put right
 */
export async function runAssess(dir: string, options: AssessOptions, signal: AbortSignal): Promise<number> {
  const root = auditedFolder(dir)
  const formats = formatsOf(options)
  const config = await loadConfig(root, options.config)
  const baseline = options.baseline === undefined ? undefined : await knownKeys(options.baseline)
  const silent = options.json === true || options.quiet === true || options.out === STDOUT
  const request = {
    root,
    config,
    areas: options.area,
    only: options.only,
    since: options.since,
    baseline,
    cache: options.cache,
    shadow: options.shadow,
    plans: options.runQueries ?? (options.plans ? 0 : undefined),
    live: liveOptions(root, options, process.env),
    now: Date.now(),
  }
  const progress = createProgress({ quiet: silent, stream: process.stderr, env: process.env })
  const assessment = await assessInThread(request, progress, signal)
  await output(root, assessment, options, formats)
  if (request.live) tellUnread(assessment)
  refuseUnread(assessment)
  const threshold = options.failOn ?? config.config.failOn ?? 'none'
  const count = exceeding(assessment, threshold)
  if (count === 0) return EXIT.fine
  // A red job that gives no reason costs its reader a search.
  process.stderr.write(
    `agent: ${count} open ${count === 1 ? 'finding' : 'findings'} at or above ${threshold} (--fail-on ${threshold})\n`,
  )
  return EXIT.thresholdExceeded
}

/** Who named a database wants to know that it could not be asked, and what would help, whatever happens to the reports. */
function tellUnread({ database, notInvestigated }: Assessment): void {
  const gap = notInvestigated.find(({ what }) => what === LIVE_DATABASE)
  if (!gap) return
  process.stderr.write(`agent: ${gap.what}: ${gap.why}\n`)
  if (database?.advice) process.stderr.write(`${database.advice}\n`)
}

async function knownKeys(file: string): Promise<Set<string>> {
  const { readBaseline } = await import('./phases/baseline.ts')
  return readBaseline(file)
}

/** What is to be printed and written. With --json nothing is unless it was asked for. */
function formatsOf({ json, format, out, quiet }: AssessOptions): Format[] {
  if (out === STDOUT) {
    if (json) throw new UserError('--json and --out - both want stdout; leave one out')
    if (format?.length !== 1)
      throw new UserError('--out - prints one report: name it with --format, e.g. --format sarif')
    return format
  }
  if (json && format?.includes('terminal'))
    throw new UserError('--json leaves no place for --format terminal; leave one out')
  if (format) return format
  if (json) return out === undefined ? [] : FORMATS.filter(name => name !== 'terminal')
  return quiet ? FORMATS.filter(name => name !== 'terminal') : [...FORMATS]
}

async function output(
  root: string,
  assessment: Assessment,
  options: AssessOptions,
  formats: readonly Format[],
): Promise<void> {
  const terminal = {
    color: wantsColor(process.stdout, process.env),
    // 0 when the terminal does not know its width.
    width: process.stdout.columns || undefined,
  }
  if (options.out === STDOUT) {
    process.stdout.write(await renderers[formats[0]!].render(assessment, terminal))
    return
  }
  const written = await writeReports(root, assessment, options.out, formats)
  if (options.json) process.stdout.write(await renderers.json.render(assessment, terminal))
  if (formats.includes('terminal')) {
    process.stdout.write(await renderers.terminal.render(assessment, { ...terminal, reportPaths: written }))
  }
}

/** Writes the reports; returns their paths as the user would type them. */
async function writeReports(
  root: string,
  assessment: Assessment,
  out: string | undefined,
  formats: readonly Format[],
): Promise<string[]> {
  const files: { name: string; text: string }[] = []
  for (const { fileName, render } of formats.map(format => renderers[format])) {
    if (fileName !== null) files.push({ name: fileName, text: await render(assessment) })
  }
  if (files.length === 0) return []
  const folder = out === undefined ? join(root, REPORT_FOLDER) : resolve(out)
  // A folder that the user named may be meant to be committed (a baseline); ours is not.
  if (out === undefined) makeIgnoredFolder(root, folder)
  else makeFolder(root, folder)
  writeFilesAtomically(folder, files)
  return files.map(({ name }) => (relative(process.cwd(), join(folder, name)) || name).split(sep).join('/'))
}

/** Open findings that are at least as bad as the threshold. */
function exceeding({ findings }: Assessment, threshold: Threshold): number {
  if (threshold === 'none') return 0
  const worst = SEVERITIES.indexOf(threshold)
  return findings.filter(({ status, severity }) => status === 'open' && SEVERITIES.indexOf(severity) <= worst).length
}
