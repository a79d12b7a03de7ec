import { posix } from 'node:path'
import type { Change } from '../../tools/workspace/change.ts'
import { type GitHub, GitHubError, type Pull, type TreeEntry } from './api.ts'
import { type Decision, decide } from './decide.ts'
import { blobSha, contentDigest, isOurCommit, readMarker, trailer, wasEdited, withMarker } from './marker.ts'
import type { Published } from './outcome.ts'

/** A change that was built, judged and proven, ready to be shown to the world. */
export interface Publishable {
  /** Its `files` are relative to the root of the repository, not to the audited folder. */
  change: Change
  branch: string
  /** Visible text of the pull request. */
  body: string
  /** Mode and content (git's blob name) of each file that it changes, at the commit that it was made on; null: not there. */
  before: Record<string, { mode: string; sha: string } | null>
}

export interface PublishOptions {
  github: GitHub
  /** False: look, decide and say what would be done. */
  write: boolean
  limits: { open: number; new: number }
  draft: boolean
  /** Branch that the pull requests go into; by default the repository's own. */
  base?: string
  onStep?: (text: string) => void
}

/**
 * Brings GitHub to the state that the changes ask for, one after the other, most valuable first. Every step looks before it
 * writes and is safe to repeat: killed anywhere, the next run finds what is there and goes on from it. No branch is ever
 * moved but forward, so that a commit which somebody pushes meanwhile makes GitHub refuse ours.
 *
 * @throws GitHubError when the repository itself cannot be read; what concerns one change becomes its outcome
 */
export async function publishChanges(items: readonly Publishable[], options: PublishOptions): Promise<Published[]> {
  const { github, limits, write } = options
  const base = options.base ?? (await github.repository()).defaultBranch
  const head = await github.branch(base)
  if (!head) throw new GitHubError('not-found', `the repository has no branch ${base}; name one with --base`)
  const target = { base, head, tree: (await github.commit(head)).tree }
  const counts = { open: (await github.openPulls()).filter(isOurs).length, opened: 0 }
  const published: Published[] = []
  for (const item of items) {
    options.onStep?.(item.change.title)
    const one = await outcomeOf(item, async () => {
      const look = await lookAt(item, github, target)
      const decision = decide({ ...look.situation, ...counts, limits })
      const done = write ? await act(item, decision, look, target, options) : foretold(decision)
      // A dry run counts as if it had been done, so that it foretells the limits as well.
      if (decision.do === 'open') {
        counts.open++
        counts.opened++
      }
      return done
    })
    published.push(one)
  }
  return published
}

type Done = Pick<Published, 'outcome' | 'detail' | 'url'>

async function outcomeOf({ change, branch }: Publishable, run: () => Promise<Done>): Promise<Published> {
  const own = { key: change.key, title: change.title, branch }
  try {
    return { ...own, ...(await run()) }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { ...own, outcome: 'failed', detail: error.message }
  }
}

function isOurs({ branch, body, own }: Pull): boolean {
  return own && branch.startsWith('scalability/') && readMarker(body) !== undefined
}

interface Target {
  base: string
  /** Commit and tree that the base branch stands on. */
  head: string
  tree: string
}

interface Look {
  situation: Omit<Parameters<typeof decide>[0], 'open' | 'opened' | 'limits'>
  /** Commit that the change's branch stands on. */
  branchHead?: string
}

async function lookAt(item: Publishable, github: GitHub, target: Target): Promise<Look> {
  const { change, branch, before } = item
  const paths = Object.keys(change.files)
  const wanted = Object.fromEntries(
    Object.entries(change.files).map(([path, text]) => [path, text === null ? null : blobSha(text)]),
  )
  const read = treeReader(github)
  const there = await read.blobs(target.tree, paths)
  const holds = (blobs: Map<string, TreeEntry>): boolean =>
    paths.every(path => (blobs.get(path)?.sha ?? null) === wanted[path])
  const moved = paths.filter(path => (there.get(path)?.sha ?? null) !== (before[path]?.sha ?? null))
  const situation = {
    key: change.key,
    content: contentDigest(change.files),
    pulls: (await github.pullsOf(branch)).filter(({ own }) => own).sort((a, b) => b.number - a.number),
    applied: holds(there),
    moved: [...moved, ...(await overtaken(change, target, read, before))],
  }
  const branchHead = await github.branch(branch)
  if (!branchHead) return { situation }
  const commits = await github.ahead(target.head, branchHead)
  const { tree } = await github.commit(branchHead)
  const ours = commits.every(commit => isOurCommit(commit, change.key))
  // A branch that holds nothing of its own (merged, or made by hand from the default branch) is ours to move forward.
  return {
    branchHead,
    situation: {
      ...situation,
      branch: { ours, holdsChange: commits.length > 0 && holds(await read.blobs(tree, paths)) },
    },
  }
}

/** Migrations on the base branch that sort after ours: tools apply them in order, and refuse one that comes in between. */
async function overtaken(
  change: Change,
  target: Target,
  read: TreeReader,
  before: Publishable['before'],
): Promise<string[]> {
  const found: string[] = []
  for (const { up } of change.migrations) {
    if (before[up]) continue
    const names = await read.names(target.tree, posix.dirname(up))
    if (names.includes(posix.basename(up))) continue
    const newest = names.filter(name => /^\d{4,}.*\.sql$/.test(name)).at(-1)
    if (newest && newest > posix.basename(up)) found.push(posix.join(posix.dirname(up), newest))
  }
  return found
}

interface TreeReader {
  /** Entries of the files that are there. */
  blobs(tree: string, paths: string[]): Promise<Map<string, TreeEntry>>
  /** Names in a folder, sorted; empty when it is not there. */
  names(tree: string, folder: string): Promise<string[]>
}

/** Looks paths up folder by folder: whole listings of large repositories come truncated. */
function treeReader(github: GitHub): TreeReader {
  const known = new Map<string, Promise<TreeEntry[]>>()
  const list = (sha: string): Promise<TreeEntry[]> => {
    const listed = known.get(sha) ?? github.tree(sha)
    known.set(sha, listed)
    return listed
  }
  const find = async (tree: string, parts: string[]): Promise<TreeEntry | undefined> => {
    let at: TreeEntry = { path: '', mode: '040000', type: 'tree', sha: tree }
    for (const part of parts) {
      if (at.type !== 'tree') return undefined
      const next: TreeEntry | undefined = (await list(at.sha)).find(({ path }) => path === part)
      if (!next) return undefined
      at = next
    }
    return at
  }
  return {
    async blobs(tree, paths) {
      const entries = new Map<string, TreeEntry>()
      for (const path of paths) {
        const entry = await find(tree, path.split('/'))
        if (entry) entries.set(path, entry)
      }
      return entries
    },
    async names(tree, folder) {
      const entry = await find(tree, folder === '.' ? [] : folder.split('/'))
      return entry?.type === 'tree' ? (await list(entry.sha)).map(({ path }) => path).sort() : []
    },
  }
}

function foretold(decision: Decision): Done {
  if (decision.do === 'open') return { outcome: 'would-open', detail: 'a draft pull request, with --yes' }
  if (decision.do === 'update')
    return { outcome: 'would-update', detail: `#${decision.pull.number}, with --yes`, url: decision.pull.url }
  if (decision.do === 'refresh-text') return unchanged(decision.pull)
  return settled(decision)
}

function settled({ outcome, detail, pull }: Extract<Decision, { do: 'nothing' }>): Done {
  return { outcome, detail, ...(pull && { url: pull.url }) }
}

function unchanged(pull: Pull): Done {
  return { outcome: 'unchanged', detail: `#${pull.number} shows this change`, url: pull.url }
}

async function act(
  item: Publishable,
  decision: Decision,
  { situation, branchHead }: Look,
  target: Target,
  { github, draft }: PublishOptions,
): Promise<Done> {
  if (decision.do === 'nothing') return settled(decision)
  const { change, branch } = item
  const body = withMarker(item.body, change.key, situation.content)
  if (decision.do === 'refresh-text') {
    const { pull } = decision
    // Texts that a person has edited are theirs.
    if (wasEdited(pull.body) || readMarker(pull.body)?.body === readMarker(body)?.body) return unchanged(pull)
    await github.updateBody(pull.number, body)
    return { outcome: 'updated', detail: `the text of #${pull.number}`, url: pull.url }
  }
  if (decision.do === 'update') {
    const { pull } = decision
    await push(item, target, github, branchHead)
    const edited = wasEdited(pull.body)
    if (!edited) await github.updateBody(pull.number, body)
    const text = edited ? '; its text was edited by a person and is left as it is' : ''
    return { outcome: 'updated', detail: `#${pull.number}${text}`, url: pull.url }
  }
  if (decision.pushFirst) await push(item, target, github, branchHead)
  const pull = await github.createPull({ title: change.title, body, branch, base: target.base, draft })
  return { outcome: 'opened', detail: `#${pull.number}${pull.draft ? ', a draft' : ''}`, url: pull.url }
}

/** One commit on top of the base branch and, when the change has a branch, of that: so the branch only moves forward. */
async function push(
  { change, branch, before }: Publishable,
  target: Target,
  github: GitHub,
  branchHead: string | undefined,
): Promise<void> {
  const entries = []
  for (const [path, text] of Object.entries(change.files)) {
    const mode = before[path]?.mode ?? '100644'
    entries.push({ path, mode, sha: text === null ? null : await github.createBlob(text) })
  }
  const tree = await github.createTree(target.tree, entries)
  const message = `${change.title}\n\nPlaybook: ${change.playbook}\n\n${trailer(change.key, tree)}\n`
  const parents = branchHead && branchHead !== target.head ? [branchHead, target.head] : [target.head]
  const commit = await github.createCommit({ message, tree, parents })
  await (branchHead ? github.moveBranch(branch, commit) : github.createBranch(branch, commit))
}
