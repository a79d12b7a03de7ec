import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../tools/errors.ts'
import type { RunCommandOptions } from '../commands/run.ts'
import { loadConfig } from '../config.ts'
import { EXIT } from '../exit.ts'
import { auditedFolder, CACHE_FOLDER, makeFolder, makeIgnoredFolder, writeFilesAtomically } from '../folders.ts'
import { build } from '../phases/build.ts'
import { createProgress, type Progress } from '../progress.ts'
import { promptText } from '../server/prompts.ts'
import { openSession, type Session } from '../server/session.ts'
import { oneLine } from '../text.ts'
import { openBudget } from './budget.ts'
import { type Journal, openJournal } from './journal.ts'
import { priceOf } from './prices.ts'
import { reason } from './reasoning.ts'
import { type RunResult, renderRun } from './render.ts'
import { review } from './review.ts'
import { REWRITTEN, rewrite } from './rewrite.ts'
import type { Line } from './talk.ts'
import { modelTools } from './tools.ts'

/** Changes that the model writes in one run. */
const MOST_REWRITES = 3

const NO_KEY =
  'no ANTHROPIC_API_KEY: the phases run without a model. With a key it would also confirm or refute findings, look for what they miss, reason about the plan, and write changes that no fix covers'

/**
 * `agent run` and `agent resume`: the phases, with the model where it has something to add. Everything that it says is checked, and
 * what it writes passes the same gate and proofs as every other change.
 *
 * @param resumed id of a run to go on with
 * @throws UserError for anything the user can put right
 */
export async function runAgent(
  dir: string,
  options: RunCommandOptions,
  signal: AbortSignal,
  resumed?: string,
): Promise<number> {
  const root = auditedFolder(dir)
  const config = await loadConfig(root, options.config)
  const folder = resumed === undefined ? undefined : existingRun(root, resumed)
  const session = openSession({ root, config, allowWrite: false, cache: true })
  const progress = createProgress({ quiet: options.json === true, stream: process.stderr, env: process.env })
  const call = { signal, progress: () => {} }
  const planned = await progress.step('Assessing and planning', report =>
    session.planned({ ...call, progress: report }),
  )
  const { assessment } = await session.assessed(call)
  const key = process.env.ANTHROPIC_API_KEY
  if (!key) {
    process.stderr.write(`agent: ${NO_KEY}\n`)
    const records = options.build
      ? (await build({ root, config, cache: true, shadow: true, progress, signal })).records
      : []
    return show({ id: null, outcome: 'without a model', assessment, planned, records }, root, options)
  }
  const tell = (text: string): void => void (options.json || process.stderr.write(`${oneLine(text, 160)}\n`))
  if (resumed === undefined) tell(estimate(options, assessment.findings.length))
  if (options.estimate) return EXIT.fine
  // Short: the whole name looks like a secret to the mask of the journal.
  const commit = assessment.repository?.commit?.slice(0, 12) ?? null
  const journal = openJournal(join(folder ?? newRun(root), 'journal.jsonl'))
  const start = begin(journal, { options, commit })
  const result = await withModel({ journal, start, key, session, options, progress, signal, tell, assessment, planned })
  return show(result, root, options)
}

interface Start {
  id: string
  model: string
  limits: RunCommandOptions['limits']
}

/** The first line of a new journal, or that of the run that goes on. */
function begin(journal: Journal, { options, commit }: { options: RunCommandOptions; commit: string | null }): Start {
  const before = journal.entries.find(entry => entry.kind === 'start')
  if (before?.kind === 'start') {
    if (before.commit !== commit)
      throw new UserError('the checkout is another one than when the run began; start a new run')
    return { id: before.id, model: before.model, limits: before.limits as Start['limits'] }
  }
  const id = journal.path.split(/[\\/]/).at(-2) ?? ''
  const { model, limits } = options
  journal.write({ kind: 'start', at: new Date().toISOString(), id, model, commit, limits })
  return { id, model, limits }
}

interface Work {
  journal: Journal
  start: Start
  key: string
  session: Session
  options: RunCommandOptions
  progress: Progress
  signal: AbortSignal
  tell(text: string): void
  assessment: RunResult['assessment']
  planned: RunResult['planned']
}

async function withModel(work: Work): Promise<RunResult> {
  const { journal, start, session, options, progress, signal, tell, assessment, planned } = work
  const { default: Anthropic } = await import('@anthropic-ai/sdk')
  const client = new Anthropic({ apiKey: work.key, logLevel: 'off' })
  const spent = journal.entries.findLast(entry => entry.kind === 'turn')
  const budget = openBudget(start.model, start.limits, spent?.kind === 'turn' ? spent.spent : undefined)
  const line: Line = { client, model: start.model, budget, journal, signal, tell }
  const { tools, close } = await modelTools(session)
  const result: RunResult = { id: start.id, outcome: 'complete', assessment, planned, records: [] }
  const stop = (why: string): RunResult => {
    journal.write({ kind: 'end', outcome: why, spent: budget.spent() })
    return { ...result, outcome: why, spent: budget.spent() }
  }
  try {
    const { root, config } = session
    const system = await promptText('assess')
    const reviewed = await progress.step('The model reviews the findings', () =>
      review(line, { root, findings: assessment.findings, tools, system }),
    )
    if ('stopped' in reviewed) return stop(reviewed.stopped)
    result.review = reviewed.value
    const planPrompt = await promptText('plan')
    const reasoned = await progress.step('The model reasons about the plan', () => reason(line, planned, planPrompt))
    if ('stopped' in reasoned) return stop(reasoned.stopped)
    result.reasoning = reasoned.value
    if (options.build) {
      const proposal = { root, config, cache: true, shadow: true, progress, signal }
      result.records = (await build(proposal)).records
      const buildPrompt = await promptText('build')
      const refuted = new Set(
        result.review.verdicts.filter(({ verdict }) => verdict === 'refuted').map(({ key }) => key),
      )
      const wanted = assessment.findings.filter(
        ({ key, playbook, status }) =>
          status === 'open' && !refuted.has(key) && (REWRITTEN as readonly string[]).includes(playbook),
      )
      result.rewritten = []
      for (const finding of wanted.slice(0, MOST_REWRITES)) {
        const done = await rewrite(line, {
          finding,
          tools,
          system: buildPrompt,
          build: async change => (await build({ ...proposal, proposed: [change] })).records[0],
        })
        result.rewritten.push(done)
        if (done.outcome === 'stopped') return stop(done.reason)
      }
    }
    return stop('complete')
  } finally {
    await close()
  }
}

/** A new folder for a run, named by the time so that they sort. */
function newRun(root: string): string {
  const id = `${new Date().toISOString().slice(0, 19).replace(/[-:T]/g, '')}-${randomBytes(2).toString('hex')}`
  makeIgnoredFolder(root, join(root, CACHE_FOLDER))
  const folder = join(root, CACHE_FOLDER, 'runs', id)
  makeFolder(root, folder)
  return folder
}

function existingRun(root: string, id: string): string {
  const runs = join(root, CACHE_FOLDER, 'runs')
  const folder = join(runs, id)
  if (/^[\w-]+$/.test(id) && existsSync(join(folder, 'journal.jsonl'))) return folder
  const known = existsSync(runs) ? readdirSync(runs).sort().slice(-3) : []
  throw new UserError(
    `there is no run ${oneLine(id, 60)} here${known.length > 0 ? `; the last ones are ${known.join(', ')}` : ''}`,
  )
}

/** Requests and tokens of a run like those seen so far: a dozen for the review, six for each change, most of the prompt cached. */
function estimate({ model, limits, build: builds }: RunCommandOptions, findings: number): string {
  const requests = Math.min(limits.steps, (findings > 0 ? 12 : 2) + 1 + (builds ? 6 : 0))
  const { input, output, cacheRead } = priceOf(model)
  const each = (20_000 * (0.2 * input + 0.8 * cacheRead) + 1_000 * output) / 1_000_000
  return `Estimate: about ${requests} requests to ${model}, about $${(requests * each).toFixed(2)}; it stops at ${limits.steps} requests, ${limits.tokens.toLocaleString('en-US')} tokens, $${limits.dollars.toFixed(2)} or ${limits.minutes} minutes.`
}

function show(result: RunResult, root: string, options: RunCommandOptions): number {
  if (result.id !== null) {
    const folder = join(root, CACHE_FOLDER, 'runs', result.id)
    const { assessment: _assessment, planned: _planned, ...kept } = result
    writeFilesAtomically(folder, [{ name: 'result.json', text: `${JSON.stringify(kept, undefined, 2)}\n` }])
  }
  process.stdout.write(options.json ? `${JSON.stringify(jsonOf(result), undefined, 2)}\n` : renderRun(result))
  return EXIT.fine
}

function jsonOf({ assessment, planned, ...result }: RunResult): unknown {
  const changes = planned.map(({ finding, outcome }) => ({
    finding,
    ...('change' in outcome ? { title: outcome.change.title } : { declined: outcome.declined }),
  }))
  return { formatVersion: 1, ...result, findings: assessment.findings.length, changes }
}
