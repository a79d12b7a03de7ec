import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pullRequestBody } from '../../reports/pullrequest.ts'
import { UserError } from '../../tools/errors.ts'
import type { Change } from '../../tools/workspace/change.ts'
import { branchName } from '../../tools/workspace/key.ts'
import type { ChangeRecord } from '../changes/record.ts'
import { wantsColor } from '../color.ts'
import type { PublishCommandOptions } from '../commands/publish.ts'
import { EXIT } from '../exit.ts'
import { auditedFolder } from '../folders.ts'
import type { GateVerdict } from '../gate/verdict.ts'
import { maskSecrets } from '../mask.ts'
import { toolVersion } from '../package.ts'
import { createProgress } from '../progress.ts'
import { type Git, headCommit, openGit } from '../since/git.ts'
import { oneLine } from '../text.ts'
import { GitHubError, openGitHub } from './api.ts'
import type { Published } from './outcome.ts'
import { type Publishable, publishChanges } from './publish.ts'
import { readRecords } from './records.ts'
import { renderPublished } from './render.ts'
import { findRepository, type Repository } from './repository.ts'

/**
 * `agent publish`: from the records of `agent build` to pull requests. Without --yes nothing is written anywhere.
 *
 * @throws UserError for anything the user can put right
 */
export async function runPublish(dir: string, options: PublishCommandOptions, signal: AbortSignal): Promise<number> {
  const root = auditedFolder(dir)
  const git = await openGit(root, signal)
  const records = await readRecords(root, git)
  const repository = await findRepository(git, options, process.env)
  const token = tokenOf(process.env)
  if (options.yes && token === undefined)
    throw new UserError(
      'no token: set GITHUB_TOKEN to one that may write contents and pull requests of this repository',
    )
  const { ready, settled } = await sortOut(records, git, { root, signal })
  const progress = createProgress({ quiet: options.json === true, stream: process.stderr, env: process.env })
  const published = await progress.step(options.yes ? 'Publishing' : 'Asking GitHub', report =>
    token === undefined
      ? Promise.resolve(ready.map(unasked))
      : publish({ ready, repository, token, options, signal, report }),
  )
  const result = { repository, dryRun: !options.yes, asked: token !== undefined, changes: [...published, ...settled] }
  const bodies = options.show ? ready : []
  process.stdout.write(
    options.json
      ? `${JSON.stringify(jsonOf(result, ready), undefined, 2)}\n`
      : renderPublished(result, bodies, wantsColor(process.stdout, process.env)),
  )
  return published.some(({ outcome }) => outcome === 'failed') ? EXIT.thresholdExceeded : EXIT.fine
}

interface Work {
  ready: Publishable[]
  repository: Repository
  token: string
  options: PublishCommandOptions
  signal: AbortSignal
  report: (detail: string) => void
}

async function publish({ ready, repository, token, options, signal, report }: Work): Promise<Published[]> {
  try {
    const { owner, name, api } = repository
    const github = await openGitHub({ owner, name, token, url: api, signal })
    return await publishChanges(ready, {
      github,
      write: options.yes === true,
      limits: { open: options.maxOpen, new: options.maxNew },
      draft: options.draft,
      base: options.base,
      onStep: report,
    })
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    const place = `${repository.owner}/${repository.name}`
    throw new UserError(error.kind === 'not-found' ? `${place}: ${error.message}` : error.message)
  }
}

export interface PublishResult {
  repository: Repository
  dryRun: boolean
  /** False when there was no token to ask GitHub with. */
  asked: boolean
  changes: Published[]
}

function jsonOf({ repository, ...result }: PublishResult, ready: readonly Publishable[]): unknown {
  const bodyOf = new Map(ready.map(({ change, body }) => [change.key, body]))
  return {
    formatVersion: 1,
    repository: `${repository.owner}/${repository.name}`,
    ...result,
    changes: result.changes.map(change => ({ ...change, body: bodyOf.get(change.key) })),
  }
}

function unasked({ change, branch }: Publishable): Published {
  return {
    key: change.key,
    title: change.title,
    branch,
    outcome: 'would-open',
    detail: 'GitHub was not asked: no GITHUB_TOKEN',
  }
}

/** Which changes may be published, and why the others may not. */
async function sortOut(
  records: readonly ChangeRecord[],
  git: Git,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<{ ready: Publishable[]; settled: Published[] }> {
  const prefix = (await git.run('rev-parse', '--show-prefix')).trim()
  const head = await headCommit(git)
  const ready: Publishable[] = []
  const settled: Published[] = []
  for (const record of records) {
    const refusal = refusalOf(record, head) ?? (await strayFromCommit(record, git, prefix))
    const { change } = record
    if (refusal || !change) {
      const branch = record.branch ?? (change ? branchName(change) : '')
      const title = maskSecrets(oneLine(change?.title ?? record.finding, 200))
      settled.push({ key: change?.key ?? '', title, branch, ...(refusal ?? notBuilt(record)) })
      continue
    }
    ready.push(await publishable(record, git, prefix))
  }
  return { ready: await judgedAgain(ready, { root, settled, signal }), settled }
}

type Refusal = Pick<Published, 'outcome' | 'detail'>

function notBuilt({ outcome, reason }: ChangeRecord): Refusal {
  return { outcome: 'not-built', detail: oneLine(`${outcome}${reason ? `: ${maskSecrets(reason)}` : ''}`, 200) }
}

function refusalOf(record: ChangeRecord, head: string | null): Refusal | undefined {
  const { change, verdict, proof, branch, commit, base } = record
  if (record.outcome !== 'built' && record.outcome !== 'unchanged') return notBuilt(record)
  if (!change || !branch || !commit || !base) return { outcome: 'not-built', detail: 'its record is incomplete' }
  if (base !== head) return { outcome: 'not-built', detail: 'it was built on another commit; run agent build again' }
  if (branch !== branchName(change)) return { outcome: 'rejected', detail: 'its branch has another name than ours' }
  if (verdict?.decision !== 'accept') return { outcome: 'rejected', detail: 'the gate has not accepted it' }
  const failed = proof?.checks.find(({ status }) => status === 'failed')
  if (failed) return { outcome: 'rejected', detail: oneLine(`proof failed: ${failed.name}`, 200) }
  const secret = Object.values(change.files).some(text => text !== null && holdsKey(text))
  return secret ? { outcome: 'rejected', detail: 'a file holds what looks like a secret' } : undefined
}

/** Keys with their issuer's name in front, and private keys; more would also hit what the file held before. */
function holdsKey(text: string): boolean {
  return /\b(sb_secret_|sbp_|sk_live_|rk_live_|ghp_|github_pat_|sk-ant-)[\w-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(
    text,
  )
}

/** A record says what it likes; the commit on the local branch is what was built. */
async function strayFromCommit(record: ChangeRecord, git: Git, prefix: string): Promise<Refusal | undefined> {
  const { change, commit } = record
  if (!change || !commit) return undefined
  for (const [path, text] of Object.entries(change.files)) {
    const held = await git.run('cat-file', 'blob', `${commit}:${prefix}${path}`).catch(() => null)
    if (held !== text)
      return {
        outcome: 'not-built',
        detail: oneLine(`${path} is another one in its commit; run agent build again`, 200),
      }
  }
  return undefined
}

async function publishable(record: ChangeRecord, git: Git, prefix: string): Promise<Publishable> {
  const { change: built, base = '', branch = '' } = record
  const change = {
    ...built!,
    title: maskSecrets(oneLine(built!.title, 120)),
    files: Object.fromEntries(Object.entries(built!.files).map(([path, text]) => [`${prefix}${path}`, text])),
    migrations: built!.migrations.map(({ up, down, transactional }) => ({
      up: `${prefix}${up}`,
      down: `${prefix}${down}`,
      transactional,
    })),
  }
  const body = maskSecrets(pullRequestBody({ ...record, change }, toolVersion()))
  return { change, branch, body, before: await beforeOf(git, base, Object.keys(change.files)) }
}

async function beforeOf(git: Git, base: string, paths: string[]): Promise<Publishable['before']> {
  const before: Publishable['before'] = {}
  for (const path of paths) {
    const line = await git.run('ls-tree', '--full-tree', '-z', base, '--', path)
    const [, mode, sha] = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(line) ?? []
    before[path] = mode && sha ? { mode, sha } : null
  }
  return before
}

/**
 * The gate's word in the record may be old, or forged: nothing leaves without being judged now, against the commit that it was made
 * on. Changes that it does not accept any more go to the settled ones.
 */
async function judgedAgain(ready: readonly Publishable[], { root, settled, signal }: Judging): Promise<Publishable[]> {
  if (ready.length === 0) return []
  const { openGate } = await import('../gate/judge.ts')
  const { openRepository } = await import('../../tools/workspace/repository.ts')
  const { writeTree } = await import('../../tools/workspace/tree.ts')
  const { makeWorkspace } = await import('../../tools/workspace/worktree.ts')
  const workspace = makeWorkspace()
  const gate = openGate({ signal })
  try {
    const repository = await openRepository(root, workspace.hooks, signal)
    const copy = mkdtempSync(join(tmpdir(), 'scalability-publish-'))
    try {
      await writeTree(repository, copy, signal)
      return await accepted(ready, settled, change => gate.judge({ base: copy, files: change.files }))
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  } finally {
    await gate.close()
    workspace.remove()
  }
}

interface Judging {
  root: string
  settled: Published[]
  signal: AbortSignal
}

async function accepted(
  ready: readonly Publishable[],
  settled: Published[],
  judge: (change: Change) => Promise<GateVerdict>,
): Promise<Publishable[]> {
  const kept: Publishable[] = []
  for (const item of ready) {
    const { decision, reasons } = await judge(item.change)
    if (decision === 'accept') {
      kept.push(item)
      continue
    }
    const [first] = reasons
    const why = first ? `${first.rule}: ${first.object}` : 'it cannot be judged any more'
    const { key, title } = item.change
    settled.push({ key, title, branch: item.branch, outcome: 'rejected', detail: oneLine(maskSecrets(why), 200) })
  }
  return kept
}

/** The token, from the places where it is kept by habit. It goes to GitHub and nowhere else. */
function tokenOf(env: NodeJS.ProcessEnv): string | undefined {
  return [env.SCALABILITY_GITHUB_TOKEN, env.GITHUB_TOKEN, env.GH_TOKEN].find(
    value => value !== undefined && value !== '',
  )
}
