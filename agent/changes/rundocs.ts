import { k6Script, loadTestStart, renderLoadTest, valuesFile } from '../../reports/loadtest.ts'
import { planStart, renderPlan } from '../../reports/plan.ts'
import { renderRunbook, runbookStart } from '../../reports/runbook.ts'
import type { DocOptions } from '../commands/plan.ts'
import { loadConfig } from '../config.ts'
import { EXIT } from '../exit.ts'
import { auditedFolder } from '../folders.ts'
import { maskSecrets } from '../mask.ts'
import { makeLoadTest, makeRunbook } from '../phases/document.ts'
import { refuseUnread } from '../phases/gaps.ts'
import { makePlan } from '../phases/plan.ts'
import { planInThread, type ThreadResult } from '../phases/thread.ts'
import { createProgress } from '../progress.ts'
import { type DocFile, docSummary, document, generated, started, writeDocs } from './docfiles.ts'
import { ownersOf } from './owners.ts'
import { sourceReader } from './plan.ts'

const PLAN = 'docs/SCALABILITY-10K-PLAN.md'
const RUNBOOK = 'docs/SCALABILITY-RUNBOOK.md'
const LOAD_TEST = 'docs/SCALABILITY-LOAD-TEST.md'

/** `agent plan`: from the options to the exit code. @throws UserError for anything the user can put right */
export async function runPlan(dir: string, options: DocOptions, signal: AbortSignal): Promise<number> {
  const { root, result } = await investigated(dir, options, signal)
  const { assessment, changes = [] } = result
  const plan = makePlan({ assessment, changes, ownersOf: ownersOf(sourceReader(root)) })
  const block = { name: 'plan', start: planStart(plan.repository), content: maskSecrets(renderPlan(plan)) }
  return deliver(root, [document(root, PLAN, block)], plan, options)
}

/** `agent document`: from the options to the exit code. @throws UserError for anything the user can put right */
export async function runDocument(dir: string, options: DocOptions, signal: AbortSignal): Promise<number> {
  const { root, result } = await investigated(dir, options, signal)
  const { assessment, changes = [], signedIn = [] } = result
  const input = { assessment, changes, signedIn: new Set(signedIn) }
  const runbook = makeRunbook(input)
  const loadTest = makeLoadTest(input)
  const files = [
    document(root, RUNBOOK, {
      name: 'runbook',
      start: runbookStart(runbook.repository),
      content: maskSecrets(renderRunbook(runbook)),
    }),
    document(root, LOAD_TEST, {
      name: 'load-test',
      start: loadTestStart(loadTest.repository),
      content: maskSecrets(renderLoadTest(loadTest)),
    }),
    ...loadTest.scripts.flatMap(script => [
      generated(root, script.path, k6Script(script)),
      started(root, script.values, valuesFile(script)),
    ]),
  ]
  return deliver(root, files, { formatVersion: 1, runbook, loadTest }, options)
}

async function investigated(
  dir: string,
  options: DocOptions,
  signal: AbortSignal,
): Promise<{ root: string; result: ThreadResult }> {
  const root = auditedFolder(dir)
  const config = await loadConfig(root, options.config)
  const progress = createProgress({
    quiet: options.json === true || options.quiet === true,
    stream: process.stderr,
    env: process.env,
  })
  const now = Date.now()
  const request = { root, config, cache: options.cache, shadow: options.shadow, now, changes: { now } }
  const result = await planInThread(request, progress, signal)
  refuseUnread(result.assessment)
  return { root, result }
}

function deliver(root: string, files: readonly DocFile[], data: unknown, { json, check }: DocOptions): number {
  const stale = files.filter(({ state }) => state !== 'unchanged')
  if (json) process.stdout.write(`${JSON.stringify(data, null, 2)}\n`)
  else process.stdout.write(docSummary(files))
  if (!check) {
    // --json prints what would be written, for programs.
    if (!json) writeDocs(root, files)
    return EXIT.fine
  }
  if (stale.length === 0) return EXIT.fine
  process.stderr.write(
    `agent: ${stale.map(({ path }) => path).join(', ')} ${stale.length === 1 ? 'is' : 'are'} out of date\n`,
  )
  return EXIT.thresholdExceeded
}
