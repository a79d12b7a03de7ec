import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pullRequestText } from '../../reports/change.ts'
import { throwIfAborted, UserError } from '../../tools/errors.ts'
import { authorOf, openRepository, type Repository } from '../../tools/workspace/repository.ts'
import { writeTree } from '../../tools/workspace/tree.ts'
import { addWorktree, makeWorkspace, type Workspace, type Worktree } from '../../tools/workspace/worktree.ts'
import { type Checker, openChecker } from '../changes/check.ts'
import { commitChange } from '../changes/commit.ts'
import type { PlannedChange } from '../changes/plan.ts'
import type { ChangeRecord } from '../changes/record.ts'
import { changesFolder, readRecords, recordKey, removeOtherRecords, writeRecord } from '../changes/store.ts'
import type { LoadedConfig } from '../config.ts'
import { CACHE_FOLDER } from '../folders.ts'
import { maskSecrets } from '../mask.ts'
import type { Progress } from '../progress.ts'
import { nearMisses, oneLine } from '../text.ts'
import { planInThread, type ThreadRequest } from './thread.ts'

export interface BuildRequest {
  /** Absolute path of the audited folder, links resolved. */
  root: string
  config: LoadedConfig
  /** Key of a finding or of a change: only this one. */
  item?: string
  /** Changes that somebody else wrote: these, and none of the fixes' own. Gate and proofs are the same. */
  proposed?: PlannedChange[]
  cache: boolean
  /** Replay the migrations into a private PostgreSQL. */
  shadow: boolean
  progress: Progress
  signal: AbortSignal
}

export interface BuildResult {
  /** The commit that everything stands on. */
  base: string
  /** Null when HEAD is detached. */
  branch: string | null
  shallow: boolean
  /** Paths below the top of the repository that are not as committed: nothing of them is in the branches. */
  uncommitted: string[]
  records: ChangeRecord[]
  /** Open findings whose playbook has no fix, by playbook. */
  withoutFix: Record<string, number>
}

/**
 * Writes every change that a deterministic fix knows, checks it, and commits it to a local branch of its own. Reads the checked-out
 * commit, in a worktree outside of the repository; the user's files, index, stashes and branches stay as they are.
 *
 * @throws UserError, one line: no repository, no commit, no author, an unknown item, a folder that cannot be written
 */
export async function build(request: BuildRequest): Promise<BuildResult> {
  const { root, progress, signal } = request
  const workspace = makeWorkspace()
  let worktree: Worktree | undefined
  try {
    const repository = await openRepository(root, workspace.hooks, signal)
    const author = await authorOf(repository.git)
    const folder = changesFolder(root)
    worktree = await addWorktree(repository, workspace, author).catch((error: unknown) => {
      throw new UserError(
        `git cannot make a worktree: ${oneLine(error instanceof Error ? error.message : String(error))}`,
      )
    })
    return await buildIn(request, { repository, worktree, folder, workspace })
  } finally {
    await progress.step('Tidying up', async () => worktree?.remove())
    workspace.remove()
  }
}

interface Place {
  repository: Repository
  worktree: Worktree
  workspace: Workspace
  /** Where records go. */
  folder: string
}

async function buildIn(request: BuildRequest, place: Place): Promise<BuildResult> {
  const { root, progress, signal } = request
  const { repository, worktree, folder } = place
  const uncommitted = await progress.step('Copying the last commit', () => writeTree(repository, worktree.path, signal))
  const copy = join(worktree.path, repository.prefix)
  const assessing: ThreadRequest = {
    root: copy,
    cacheRoot: root,
    config: request.config,
    cache: request.cache,
    shadow: request.shadow,
    now: repository.headTime,
  }
  const fixes = { now: repository.headTime, earlier: earlierVersions(readRecords(root)) }
  const planned = await planInThread(
    { ...assessing, ...(request.proposed ? {} : { changes: fixes }) },
    progress,
    signal,
  )
  const { assessment } = planned
  const changes = request.proposed ?? planned.changes ?? []
  const wanted = request.item === undefined ? changes : [pick(changes, request.item, assessment.findings)]
  const records: ChangeRecord[] = []
  const checker = openChecker({
    request: assessing,
    files: filesIn(copy),
    findings: assessment.findings,
    cache: request.cache ? join(root, CACHE_FOLDER, 'cache', 'shadow') : undefined,
    signal,
  })
  try {
    for (const planned of wanted) {
      throwIfAborted(signal)
      const title = 'change' in planned.outcome ? planned.outcome.change.title : planned.finding
      const record = await progress.step(oneLine(title, 70), report => settle(planned, checker, place, report))
      writeRecord(folder, record, maskSecrets(pullRequestText(record)))
      records.push(record)
    }
  } finally {
    await progress.step('Stopping the databases', () => checker.close())
  }
  if (request.item === undefined && !request.proposed) removeOtherRecords(folder, new Set(records.map(recordKey)))
  return {
    base: repository.head,
    branch: repository.branch,
    shallow: repository.shallow,
    uncommitted,
    records,
    withoutFix: withoutFix(assessment.findings, changes),
  }
}

/** Posix paths of the files of the copy, which holds nothing but what is committed. */
function filesIn(copy: string): string[] {
  return readdirSync(copy, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(copy, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(path => !path.startsWith('.git/') && path !== '.git')
}

/** When the versions of migrations were made that branches carry already: the next run gives the same ones. */
function earlierVersions(records: readonly ChangeRecord[]): Record<string, number> {
  const times: Record<string, number> = {}
  for (const { finding, change, outcome } of records) {
    if (outcome !== 'built' && outcome !== 'unchanged') continue
    const version = /(?:^|\/)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_[^/]*(?:\/migration)?\.sql$/.exec(
      change?.migrations[0]?.up ?? '',
    )
    if (!version) continue
    const [year, month, day, hour, minute, second] = version.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    times[finding] = Date.UTC(year, month - 1, day, hour, minute, second)
  }
  return times
}

/** Gate, proofs, commit: the first that says no names the outcome. */
async function settle(
  { finding, playbook, outcome }: PlannedChange,
  checker: Checker,
  { repository, worktree }: Place,
  report: (detail: string) => void,
): Promise<ChangeRecord> {
  const start = { formatVersion: 1 as const, finding, playbook }
  if ('declined' in outcome) return { ...start, outcome: 'declined', reason: oneLine(outcome.declined, 300) }
  const { change } = outcome
  const base = repository.head
  const checked = await checker.check(change, report)
  const told = { ...start, change, base, ...checked.told }
  if (checked.refused) return { ...told, ...checked.refused }
  const committed = await commitChange(worktree, change, base, repository.prefix)
  return { ...told, ...committed }
}

/** @throws UserError that says what there is */
function pick(changes: readonly PlannedChange[], item: string, findings: readonly { key: string }[]): PlannedChange {
  const found = changes.find(
    ({ finding, outcome }) =>
      finding === item ||
      ('change' in outcome && (outcome.change.key === item || outcome.change.findings.includes(item))),
  )
  if (found) return found
  const shown = oneLine(item, 120)
  if (findings.some(({ key }) => key === item))
    throw new UserError(`--item: no fix is known for ${shown}; agent explain ${shown.split(':')[0]} says what to do`)
  const near = nearMisses(
    item,
    changes.map(({ finding }) => finding),
    1,
  )[0]
  throw new UserError(
    `--item: there is no open finding or change "${shown}" in the last commit; ${near ? `did you mean ${near}?` : 'agent build without --item lists them'}`,
  )
}

function withoutFix(
  findings: readonly { key: string; playbook: string; status: string }[],
  changes: readonly PlannedChange[],
): Record<string, number> {
  const planned = new Set(
    changes.flatMap(({ finding, outcome }) => ('change' in outcome ? outcome.change.findings : [finding])),
  )
  const counts: Record<string, number> = {}
  for (const { key, playbook, status } of findings) {
    if (status === 'open' && !planned.has(key)) counts[playbook] = (counts[playbook] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))
}
